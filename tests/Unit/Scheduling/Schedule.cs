using MultiProc.Scheduling;

namespace MultiProc.Unit.Scheduling;

/// <summary>Plays random steps on a dispatcher, and looks after each one whether its rules hold.</summary>
internal sealed class Schedule
{
    private const int Slots = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(40);

    private readonly Scene _scene;
    private readonly List<FakeRunner> _runners = [];
    private bool _isClosed;

    public Schedule(int? maxTasks, bool isDeferring = false)
    {
        // What gathers before it is sent may be overtaken by what came meanwhile and is more urgent.
        _scene = new Scene(maxTasks, isDeferring: isDeferring) { Sending = isDeferring ? null : CheckOrder };
        _scene.Owner.Retired = runner => _runners.Remove((FakeRunner)runner);
    }

    public void Play(IReadOnlyList<Step> steps)
    {
        foreach (var step in steps)
        {
            Do(step);
            CheckRules();
        }

        Finish();
    }

    private void Do(Step step)
    {
        switch (step.What)
        {
            case Happening.Submit:
                Submit(() => _scene.Submit(
                    priority: (step.A % 3) - 1, key: step.A % 4 == 0 ? "k" + (step.B % 3) : null, limit: step.B % 5 == 0 ? Limit : null, attempts: 1 + (step.B % 3)));
                break;
            case Happening.SubmitChunk:
                Submit(() => _scene.SubmitChunk(1 + (step.A % 6), step.B % 5 == 0 ? Limit : null, 1 + (step.B % 3), isDivisible: step.B % 2 == 0));
                break;
            case Happening.SubmitPinned:
                Submit(() => _scene.Submit(slot: step.A % Slots));
                break;
            case Happening.Begin:
                Runner(step)?.Begin();
                break;
            case Happening.End:
                Runner(step)?.End();
                break;
            case Happening.Throw:
                Runner(step)?.Fail(new FormatException());
                break;
            case Happening.Flush:
                Runner(step)?.Flush();
                break;
            case Happening.Die:
                Die(Runner(step), isCaughtFlushing: step.B % 2 == 0);
                break;
            case Happening.Abandon:
                _scene.Calls.ElementAtOrDefault(step.A)?.Abandon();
                break;
            case Happening.Attach:
                Attach(step.A % Slots);
                break;
            case Happening.Retire when Runner(step) is { } runner:
                runner.IsRetired = true;
                _scene.Dispatcher.Retire(runner);
                break;
            case Happening.Wait:
                _scene.Advance(Scene.Millisecond * (1 + (step.A % 4)));
                break;
            case Happening.WaitLong:
                _scene.Advance(step.A % 2 == 0 ? Limit : Scene.Grace);
                break;
            case Happening.Close:
                _isClosed = true;
                _scene.Dispatcher.Close();
                break;
            case Happening.SendDeferred:
                _scene.SendDeferred();
                break;
            case Happening.Lie when Runner(step) is { } runner:
                runner.Lie = LieOf(runner, step.B);
                break;
            case Happening.GiveBack:
                Runner(step)?.GiveBack();
                break;
            case Happening.GiveBackWhatRuns:
                Runner(step)?.GiveBackWhatRuns();
                break;
        }
    }

    // Overwritten with anything; nothing is running, though something may be; or any unit and item, of its own, of others and of none.
    private LastStatus LieOf(FakeRunner runner, int kind) => (kind % 5) switch
    {
        0 => LastStatus.Unreadable,
        1 => LastStatus.Idle,
        2 => new LastStatus(IsReadable: true, new RunningItem(runner.Units.ElementAtOrDefault(kind % 3), kind % 4, TimeSpan.FromDays(kind))),
        3 => new LastStatus(IsReadable: true, new RunningItem(Parts().ElementAtOrDefault(kind % 7)?.Id ?? 0, kind % 4, TimeSpan.Zero) { HasToken = false }),
        _ => new LastStatus(IsReadable: true, new RunningItem(runner.Units.ElementAtOrDefault(0), 0, TimeSpan.Zero) { IsDecoded = false }),
    };

    private void Submit(Action submit)
    {
        if (!_isClosed)
        {
            submit();
        }
    }

    private FakeRunner? Runner(Step step) => _runners.Count == 0 ? null : _runners[step.A % _runners.Count];

    private void Die(FakeRunner? runner, bool isCaughtFlushing)
    {
        if (runner is not null)
        {
            _runners.Remove(runner);
            runner.Die(isCaughtFlushing: isCaughtFlushing);
        }
    }

    private void Attach(int slot)
    {
        if (!_runners.Exists(runner => runner.Slot == slot && !IsRetiring(runner)))
        {
            _scene.Attach(slot, _runners.Add);
        }
    }

    private bool IsRetiring(FakeRunner runner) => runner.Kills > 0 || runner.IsRetired || _scene.Owner.EventsOf(runner).Any();

    // Whatever has happened, with enough runners and time everything comes to an end.
    private void Finish()
    {
        for (var round = 0; Parts().Any(static part => part.Stage != WorkStage.Ended); round++)
        {
            Assert.True(round < 2_000, "It never ends.");
            _scene.SendDeferred();
            foreach (var runner in _runners.ToArray())
            {
                if (runner.Kills > 0)
                {
                    Die(runner, isCaughtFlushing: false);
                }
                else if (runner.Lie is not null && round % 3 == 0)
                {
                    // As a function that damages its own process's memory does.
                    Die(runner, isCaughtFlushing: round % 2 == 0);
                }
                else
                {
                    runner.Begin();
                    runner.End();
                    runner.Flush();
                }
            }

            for (var slot = 0; slot < Slots; slot++)
            {
                Attach(slot);
            }

            _scene.Advance(Scene.Millisecond * 3);
            CheckRules();
        }

        _scene.Dispatcher.Close();
        Assert.True(_scene.Dispatcher.Drained.IsCompleted);
        Assert.All(_scene.Calls, static call => Assert.True(call.HasEnded || call.IsAbandoned, $"call {call.Number} was never told its end"));
        var counters = _scene.Dispatcher.Counters;
        Assert.Equal((0, 0), (counters.Queued, counters.Busy));
        Assert.Equal(_scene.Calls.Sum(static call => call.Count), counters.Completed + counters.Failed);
    }

    private void CheckRules()
    {
        _scene.AssertRules();
        Assert.Equal(_isClosed && Parts().All(static part => part.Stage == WorkStage.Ended), _scene.Dispatcher.Drained.IsCompleted);
        foreach (var runner in _runners.Where(runner => runner is { Running: null, Waiting: 0, HasJournal: false } && !IsRetiring(runner) && !IsAboutToGet(runner)))
        {
            Assert.DoesNotContain(Parts(), part => part.Stage == WorkStage.Queued && Fits(part, runner));
        }
    }

    // What gathers, for it or before it is known for whom, will be sent soon.
    private bool IsAboutToGet(FakeRunner runner) => _scene.IsDeferring || Parts().Any(part => part.Stage == WorkStage.Assigned && part.RunnerState?.Runner == runner);

    private static bool Fits(Work work, FakeRunner runner) =>
        work.RunnerState is { } bound ? bound.Runner == runner : work.PinnedSlot is null || work.PinnedSlot == runner.Slot;

    // What is sent must not overtake what waits for the same and came earlier, or is more urgent.
    private void CheckOrder(IReadOnlyList<Work> sent)
    {
        foreach (var work in sent)
        {
            var (number, key) = (((FakeCall)work.Sink).Number, work.Policy.AffinityKey);
            var overtaken = Parts().Where(static part => part is { Stage: WorkStage.Queued, PinnedSlot: null })
                .Where(part => work.PinnedSlot is null && part.Policy.AffinityKey == key)
                .Where(part => part.Policy.Priority > work.Policy.Priority
                    || (part.Policy.Priority == work.Policy.Priority && ((FakeCall)part.Sink).Number < number));
            _scene.Check(!overtaken.Any(), $"call {number} overtook call {overtaken.Select(static part => ((FakeCall)part.Sink).Number).FirstOrDefault()}");
        }
    }

    private IEnumerable<Work> Parts()
    {
        foreach (var call in _scene.Calls)
        {
            for (var part = call.Work; part is not null; part = part.SplitOff)
            {
                yield return part;
            }
        }
    }
}
