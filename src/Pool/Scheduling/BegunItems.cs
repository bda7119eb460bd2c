namespace MultiProc.Scheduling;

/// <summary>
/// The items that a lost runner had begun, and that are charged an attempt. A runner begins items in the order in which they were sent,
/// so these are always the first ones.
/// </summary>
/// <param name="Works">The number of units, from the front, all of whose items had begun.</param>
/// <param name="EndItem">Of the next unit, the items below this number had begun.</param>
/// <remarks>
/// The status is memory of the runner and may be damaged or forged. It is believed only as far as it agrees with the dispatcher: it is complete, and
/// names no item, or the item that ended last (the runner was between two items), or an item that was sent and has not ended. In an honest runner no
/// item in front of that one is unfinished, unless its result was lost; such an item counts as begun as well. In all other cases every item counts as begun.
/// </remarks>
internal readonly record struct BegunItems(int Works, int EndItem)
{
    /// <summary>No item had begun.</summary>
    public static BegunItems None => new(0, 0);

    /// <param name="sent">The work of the runner that has not ended, oldest first.</param>
    /// <param name="count">The number of these that were really sent.</param>
    /// <param name="lastEnded">The item whose end was reported last.</param>
    /// <param name="status">The last status of the runner.</param>
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

    /// <summary>The number behind the last begun item of the unit at an index; the next item of <paramref name="work"/> if none has begun.</summary>
    public int EndIn(int place, Work work) => place < Works ? work.EndItem : place == Works ? Math.Max(EndItem, work.NextItem) : work.NextItem;
}
