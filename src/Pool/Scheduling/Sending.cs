namespace MultiProc.Scheduling;

/// <summary>Sends runners the work that they were given. Called as an order to the runner, so without the lock, and in order with all else that it is told.</summary>
/// <param name="loop">For the lock.</param>
/// <param name="limits">Watch how long sent work runs.</param>
/// <param name="observer">Hears what was sent; null: nobody does.</param>
internal sealed class Sending(Loop loop, TimeLimits limits, IWorkObserver? observer)
{
    /// <summary>Sends the runner what it was given and has not been sent, in one message.</summary>
    public void Send(RunnerState state)
    {
        Work[] works;
        using (loop.Enter(advances: false))
        {
            works = [.. state.Outgoing];
            state.Outgoing.Clear();
        }

        if (works.Length == 0)
        {
            return;
        }

        var sent = observer?.Measure(works);
        state.Runner.Send(works);
        foreach (var work in works)
        {
            if (work.Policy.IsTimed || work.Live is { HasTokens: true })
            {
                Follow(state, work);
            }
        }

        if (sent is { } measured)
        {
            state.Orders.Afterwards(() => observer!.OnSent(measured));
        }
    }

    /// <summary>The work has been sent: its tokens are forwarded, and its time is watched.</summary>
    private void Follow(RunnerState state, Work work)
    {
        IDisposable? links = null;
        var wasInterrupted = false;
        while (links is null && work.Live is { HasTokens: true } live)
        {
            try
            {
                links = live.LinkTokens(token => state.Runner.Cancel(work.Id, item: -1, token));
            }
            catch (ThreadInterruptedException)
            {
                // Again: whether the work can be cancelled must not depend on what happens to the thread, which hears of it at its next wait.
                wasInterrupted = true;
            }
        }

        using (loop.Enter(advances: false))
        {
            if (work.Stage == WorkStage.Assigned && work.RunnerState == state)
            {
                (work.TokenLinks, links) = (links, null);
                if (work.Policy.IsTimed)
                {
                    limits.Watch(state, work);
                }
            }
        }

        links?.Dispose();
        if (wasInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }
}
