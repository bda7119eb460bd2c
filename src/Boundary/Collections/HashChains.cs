using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>
/// Counts how many keys have the same place in a hash table that a worker sent. Whoever chooses keys of one place - numbers, mostly, whose hash codes are known - makes each of them
/// pass by all before it, which takes quadratic time. So a graph has a budget of such steps, far beyond what keys take that were not chosen. Text has secret hash codes.
/// </summary>
internal sealed class HashChains
{
    /// <summary>So many steps take about a second.</summary>
    public const long MaxSteps = 200_000_000;

    private const int Few = 128;

    private readonly GraphReader _graph;
    private readonly int[] _places;

    private HashChains(GraphReader graph, int places)
    {
        _graph = graph;
        _places = new int[places];
    }

    /// <summary>What counts for a table; null: nothing has to be counted.</summary>
    /// <param name="graph">Says whether whoever wrote it is believed.</param>
    /// <param name="count">How many keys there will be.</param>
    /// <param name="places">How many places the table has; 0: not known.</param>
    public static HashChains? For<TKey>(GraphReader graph, int count, int places = 0) =>
        graph.Trust.IsFull || count <= Few || typeof(TKey) == typeof(string) ? null : new HashChains(graph, places > 0 ? places : count | 1);

    /// <summary>Counts keys that are about to be made into a table at once, if they are plain values.</summary>
    public static void Check<TKey>(IReadOnlyCollection<TKey> keys, IEqualityComparer<TKey>? comparer, GraphReader graph)
    {
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<TKey>() && For<TKey>(graph, keys.Count) is { } chains)
        {
            comparer ??= EqualityComparer<TKey>.Default;
            foreach (var key in keys)
            {
                chains.Add(comparer.GetHashCode(key!));
            }
        }
    }

    /// <summary>Counts a key of that hash code.</summary>
    /// <exception cref="BoundaryFormatException">The budget of the graph is used up.</exception>
    public void Add(int hashCode)
    {
        _graph.HashSteps += _places[(uint)hashCode % (uint)_places.Length]++;
        if (_graph.HashSteps > MaxSteps)
        {
            throw new BoundaryFormatException(
                $"The keys of hash tables are at the same places so often that making the tables would take more than {MaxSteps:N0} steps. Return an array of the entries, or give the key's type a better GetHashCode.");
        }
    }
}
