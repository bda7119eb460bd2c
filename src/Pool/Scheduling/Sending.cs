namespace MultiProc.Scheduling;

/// <summary>Sends runners their work. It is called as an order, so without the lock and in the order of the runner's other orders.</summary>
/// <param name="loop">The lock.</param>
/// <param name="limits">The time limits of sent work.</param>
/// <param name="observer">Notified of sent work; null: none.</param>
internal sealed class Sending(Loop loop, TimeLimits limits, IWorkObserver? observer)
{
    /// <summary>Sends the runner's new work in one message.</summary>
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

    /// <summary>The work has been sent: its tokens are forwarded, and its items are timed.</summary>
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
                // Try again: whether work can be cancelled must not depend on an interrupt of the thread, which takes effect at its next wait.
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
