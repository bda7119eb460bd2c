using MultiProc.Protocol.Launch;

namespace MultiProc.Unit.Stacks;

public sealed class StackListingTests
{
    private static readonly string End = Environment.NewLine;

    [Fact]
    public void The_first_stack_is_the_lines_below_the_first_heading()
    {
        var listing = StackListing.Block(1, "mp:w0", ["A.B()", "C.D()"]) + End + StackListing.Block(2, "other", ["E.F()"]) + End;

        Assert.Equal($"   at A.B(){End}   at C.D()", StackListing.FirstStack(listing));
    }

    [Fact]
    public void Of_a_listing_that_broke_off_in_its_first_block_there_is_none()
    {
        var listing = StackListing.Block(1, "mp:w0", ["A.B()", "C.D()"]) + End;

        Assert.All(Enumerable.Range(0, listing.Length), length => Assert.Equal("", StackListing.FirstStack(listing[..length])));
    }

    [Fact]
    public void The_process_is_read_from_the_argument_that_names_it()
    {
        Assert.Equal(4711, StackListing.ProcessOf([StackListing.Argument(4711)]));
        Assert.Null(StackListing.ProcessOf([]));
        Assert.Null(StackListing.ProcessOf(["--worker=w0", "--host=1"]));
        Assert.Null(StackListing.ProcessOf(["--stack=-1"]));
        Assert.Null(StackListing.ProcessOf(["--stack=x"]));
    }
}
