namespace MultiProc.Unit.Scheduling;

/// <summary>A caller who waits for each result is served at once; one who goes on submitting gets messages that are worth sending.</summary>
public sealed class DispatchDecisionTests
{
    private const int DecisionsPerTrial = 64;

    private readonly Scene _scene;
    private readonly FakeRunner _runner;
    private readonly List<int> _messages = [];

    public DispatchDecisionTests()
    {
        _scene = new Scene(isDeferring: true) { Sending = sent => _messages.Add(sent.Count) };
        _runner = _scene.AttachQuick();
        _messages.Clear();
    }

    [Fact]
    public void Of_calls_that_are_waited_for_one_in_many_is_sent_a_little_later_and_the_next_at_once_again()
    {
        var deferred = 0;
        for (var call = 0; call < 3 * DecisionsPerTrial; call++)
        {
            _scene.Submit();
            deferred += _scene.IsDeferring ? 1 : 0;
            _scene.SendDeferred();
            _runner.CompleteAll();
        }

        Assert.Equal(3, deferred);
        Assert.Equal(Enumerable.Repeat(1, 3 * DecisionsPerTrial), _messages);
    }

    [Fact]
    public void Once_it_has_shown_that_a_caller_goes_on_the_first_call_of_a_burst_travels_with_the_others()
    {
        // Each has been answered before the caller comes with the next: on a busy machine that is what a burst looks like.
        for (var call = 0; !_scene.IsDeferring; call++)
        {
            Assert.True(call < 2 * DecisionsPerTrial);
            _scene.Submit();
            _runner.CompleteAll();
        }

        SubmitMany(9);
        _scene.SendDeferred();
        Assert.Equal(10, _messages[^1]);
        _runner.CompleteAll();
        _messages.Clear();

        SubmitMany(100);
        Assert.Empty(_messages);
        _scene.SendDeferred();
        Assert.Equal([100], _messages);
    }

    [Fact]
    public void Behind_a_burst_some_calls_that_are_waited_for_are_sent_a_little_later_and_then_all_at_once()
    {
        SubmitMany(10);
        _scene.SendDeferred();
        _runner.CompleteAll();

        List<bool> deferred = [];
        for (var call = 0; call < 10; call++)
        {
            _scene.Submit();
            deferred.Add(_scene.IsDeferring);
            _scene.SendDeferred();
            _runner.CompleteAll();
        }

        Assert.Equal([.. Enumerable.Repeat(true, 4), .. Enumerable.Repeat(false, 6)], deferred);
    }

    [Fact]
    public void What_was_put_off_and_sent_with_a_result_is_not_looked_for_twice()
    {
        SubmitMany(10);
        _scene.SendDeferred();
        _messages.Clear();
        _runner.CompleteAll();

        _scene.Submit();
        Assert.True(_scene.IsDeferring);
        var other = _scene.Attach(1);
        Assert.Equal([1], _messages);
        _scene.SendDeferred();
        Assert.Equal([1], _messages);
        _runner.CompleteAll();
        other.CompleteAll();
        _scene.AssertRules();
    }

    private void SubmitMany(int count)
    {
        for (var call = 0; call < count; call++)
        {
            _scene.Submit();
        }
    }
}
