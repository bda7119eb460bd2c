namespace MultiProc.Scheduling;

/// <summary>
/// Which runner has which affinity key. A key is known as long as work with it is open, and for some time after that: of the keys without open work the
/// most recently used are remembered, so that a pool which sees ever new keys does not grow for ever. Guarded by the dispatcher's lock.
/// </summary>
/// <param name="idleKept">How many keys without open work are remembered.</param>
internal sealed class AffinityTable(int idleKept = AffinityTable.IdleKept)
{
    private const int IdleKept = 65_536;

    private readonly Dictionary<string, Key> _keys = new(StringComparer.Ordinal);
    private readonly LinkedList<Key> _idle = new();

    public int Count => _keys.Count;

    /// <summary>Work with this key has been accepted.</summary>
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

    /// <summary>The runner that has this key; null: none yet.</summary>
    public RunnerState? Find(string name) => _keys.GetValueOrDefault(name)?.RunnerState;

    /// <summary>Gives an open key to a runner, unless one has it.</summary>
    public void Bind(string name, RunnerState state) => _keys[name].RunnerState ??= state;

    /// <summary>The runner's keys are free for another.</summary>
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

        /// <summary>Accepted work that has not ended.</summary>
        public int Open { get; set; }

        /// <summary>Its place among those without open work.</summary>
        public LinkedListNode<Key> Place { get; }
    }
}
