namespace MultiProc.Scheduling;

/// <summary>
/// Which of the items that a lost runner had been sent count as begun, and so have used an attempt. A runner begins them in the order in which they were sent,
/// so these are always the first ones.
/// </summary>
/// <param name="Works">All items of so many pieces of work, from the front.</param>
/// <param name="EndItem">And of the next piece of work the items below this number.</param>
/// <remarks>
/// The status is the runner's own memory and may be damaged or forged, so it is believed only as far as it fits what the dispatcher knows: it is whole, and names
/// either nothing, or the item that ended last (the runner was between two items), or an item that was sent and has not ended. In front of that one nothing can
/// be unfinished in an honest runner, unless results were lost on their way; what is there counts as begun as well. Otherwise everything does.
/// </remarks>
internal readonly record struct BegunItems(int Works, int EndItem)
{
    /// <summary>Nothing had begun.</summary>
    public static BegunItems None => new(0, 0);

    /// <param name="sent">What the runner was sent and has not ended, oldest first.</param>
    /// <param name="count">So many of them were really sent.</param>
    /// <param name="lastEnded">The item whose end was reported last.</param>
    /// <param name="status">What the runner left behind.</param>
    public static BegunItems Find(IReadOnlyList<Work> sent, int count, (long Unit, int Item) lastEnded, LastStatus status)
    {
        if (!status.IsReadable)
        {
            return new BegunItems(count, 0);
        }

        if (status.Running is not { } running || (running.Unit, running.Item) == lastEnded)
        {
            return None;
        }

        for (var i = 0; i < count; i++)
        {
            if (sent[i].Id == running.Unit && running.Item >= sent[i].NextItem && running.Item < sent[i].EndItem)
            {
                return new BegunItems(i, running.Item + 1);
            }
        }

        return new BegunItems(count, 0);
    }

    /// <summary>The number behind the last item that has begun of the piece of work at a place; <paramref name="work"/>'s next item if none has.</summary>
    public int EndIn(int place, Work work) => place < Works ? work.EndItem : place == Works ? Math.Max(EndItem, work.NextItem) : work.NextItem;
}
