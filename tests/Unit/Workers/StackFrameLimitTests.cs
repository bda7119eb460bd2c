using MultiProc.Workers;

namespace MultiProc.Unit.Workers;

public sealed class StackFrameLimitTests
{
    private readonly List<string> _lines = [];

    [Fact]
    public void Of_a_stack_overflow_the_first_frames_pass_and_the_number_of_the_others()
    {
        var limit = new StackFrameLimit(_lines.Add);

        limit.Add("Stack overflow.");
        AddFrames(limit, 200_000);
        limit.End();

        Assert.Equal(StackFrameLimit.MaxOfOverflow + 2, _lines.Count);
        Assert.Equal("   at Frame0()", _lines[1]);
        Assert.Equal("   ... 199,900 more lines of this stack trace were left out", _lines[^1]);
    }

    [Fact]
    public void What_follows_a_trace_comes_behind_the_number_and_other_traces_have_room_of_their_own()
    {
        var limit = new StackFrameLimit(_lines.Add);

        AddFrames(limit, StackFrameLimit.MaxFrames + 1);
        limit.Add("next");
        AddFrames(limit, StackFrameLimit.MaxFrames);
        limit.Add("last");

        Assert.Equal("   ... 1 more lines of this stack trace were left out", _lines[StackFrameLimit.MaxFrames]);
        Assert.Equal("next", _lines[StackFrameLimit.MaxFrames + 1]);
        Assert.Equal((2 * StackFrameLimit.MaxFrames) + 3, _lines.Count);
        Assert.Equal("last", _lines[^1]);
    }

    [Fact]
    public void Ordinary_lines_pass_however_many()
    {
        var limit = new StackFrameLimit(_lines.Add);

        for (var i = 0; i < 10_000; i++)
        {
            limit.Add($"line {i}");
        }

        limit.End();
        Assert.Equal(10_000, _lines.Count);
    }

    private static void AddFrames(StackFrameLimit limit, int count)
    {
        for (var i = 0; i < count; i++)
        {
            limit.Add($"   at Frame{i}()");
        }
    }
}
