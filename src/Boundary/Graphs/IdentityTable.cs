using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>Numbers objects by identity, in the order in which they are first met.</summary>
/// <remarks>Most graphs hold a handful of objects: those are compared one by one, and hashing starts above that.</remarks>
internal sealed class IdentityTable
{
    private const int CompareUpTo = 8;
    private const int KeepUpTo = 1 << 16;

    private object?[] _objects = new object?[64];
    private int[] _slots = [];

    /// <summary>How many objects have a number.</summary>
    public int Count { get; private set; }

    /// <summary>Numbers <paramref name="value"/>; false when it already has a number.</summary>
    public bool TryAdd(object value, out int id)
    {
        if (Count <= CompareUpTo)
        {
            for (var i = 0; i < Count; i++)
            {
                if (ReferenceEquals(_objects[i], value))
                {
                    id = i;
                    return false;
                }
            }

            id = Append(value);
            if (Count > CompareUpTo)
            {
                Rehash(Math.Max(_slots.Length, 128));
            }

            return true;
        }

        var slots = _slots;
        var mask = slots.Length - 1;
        var at = Spread(value) & mask;
        while (slots[at] != 0)
        {
            id = slots[at] - 1;
            if (ReferenceEquals(_objects[id], value))
            {
                return false;
            }

            at = (at + 1) & mask;
        }

        id = Append(value);
        slots[at] = Count;
        if (Count * 2 > slots.Length)
        {
            Rehash(slots.Length * 2);
        }

        return true;
    }

    /// <summary>Forgets everything; very large tables are given back.</summary>
    public void Clear()
    {
        if (_objects.Length > KeepUpTo)
        {
            _objects = new object?[64];
            _slots = [];
        }
        else
        {
            Array.Clear(_objects, 0, Count);
            if (Count > CompareUpTo)
            {
                Array.Clear(_slots);
            }
        }

        Count = 0;
    }

    private static int Spread(object value) => (int)((uint)RuntimeHelpers.GetHashCode(value) * 0x9E3779B1u >> 7);

    private int Append(object value)
    {
        if (Count == _objects.Length)
        {
            Array.Resize(ref _objects, Count * 2);
        }

        _objects[Count] = value;
        return Count++;
    }

    private void Rehash(int size)
    {
        if (_slots.Length == size)
        {
            Array.Clear(_slots);
        }
        else
        {
            _slots = new int[size];
        }

        for (var i = 0; i < Count; i++)
        {
            var at = Spread(_objects[i]!) & (size - 1);
            while (_slots[at] != 0)
            {
                at = (at + 1) & (size - 1);
            }

            _slots[at] = i + 1;
        }
    }
}
