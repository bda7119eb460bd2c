namespace MultiProc.Boundary;

/// <summary>A value that exists crosses as it is; one that does not, as the function that would make it.</summary>
internal sealed class LazyCopy<T> : Surrogate<Lazy<T>, (bool, T?, Func<T>?)>
{
    protected override (bool, T?, Func<T>?) Take(Lazy<T> value) =>
        value.IsValueCreated ? (true, value.Value, null) : (false, default, Hidden.Field<Func<T>>(value));

    protected override Lazy<T> Make((bool, T?, Func<T>?) surrogate) => surrogate switch
    {
        (true, var value, _) => new Lazy<T>(value!),
        (_, _, { } make) => new Lazy<T>(make),
        _ => throw new BoundaryFormatException("A lazy value has neither value nor function."),
    };
}
