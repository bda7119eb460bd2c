namespace MultiProc.Scheduling;

/// <summary>
/// The runners of affinity keys. A key is kept while work with it is open. Of the other keys the most recently used ones are kept, so
/// that a pool which sees ever new keys does not grow for ever. Guarded by the dispatcher's lock.
/// </summary>
/// <param name="idleKept">The number of keys without open work that are kept.</param>
internal sealed class AffinityTable(int idleKept = AffinityTable.IdleKept)
{
    private const int IdleKept = 65_536;

    private readonly Dictionary<string, Key> _keys = new(StringComparer.Ordinal);
    private readonly LinkedList<Key> _idle = new();

    public int Count => _keys.Count;

    /// <summary>Work with this key was accepted.</summary>
    public void Open(string name)
    {
        if (!_keys.TryGetValue(name, out var key))
        {
            _keys.Add(name, key = new Key(name));
        }
        else if (key.Open == 0)
        {
            _idle.Remove(key.Place);
        }

        key.Open++;
    }

    /// <summary>Work with this key has ended.</summary>
    public void Close(string name)
    {
        var key = _keys[name];
        if (--key.Open > 0)
        {
            return;
        }

        _idle.AddLast(key.Place);
        if (key.RunnerState is null)
        {
            Forget(key);
        }
        else if (_idle.Count > idleKept)
        {
            Forget(_idle.First!.Value);
        }
    }

    /// <summary>The runner of this key; null: none.</summary>
    public RunnerState? Find(string name) => _keys.GetValueOrDefault(name)?.RunnerState;

    /// <summary>Binds an open key to a runner, unless it is bound already.</summary>
    public void Bind(string name, RunnerState state) => _keys[name].RunnerState ??= state;

    /// <summary>Frees the runner's keys.</summary>
    public void Release(RunnerState state)
    {
        foreach (var key in _keys.Values.Where(key => key.RunnerState == state).ToArray())
        {
            key.RunnerState = null;
            if (key.Open == 0)
            {
                Forget(key);
            }
        }
    }

    private void Forget(Key key)
    {
        _idle.Remove(key.Place);
        _keys.Remove(key.Name);
    }

    private sealed class Key
    {
        public Key(string name)
        {
            Name = name;
            Place = new LinkedListNode<Key>(this);
        }

        public string Name { get; }

        public RunnerState? RunnerState { get; set; }

        /// <summary>The number of accepted works that have not ended.</summary>
        public int Open { get; set; }

        /// <summary>Its place among the keys without open work.</summary>
        public LinkedListNode<Key> Place { get; }
    }
}
