namespace MultiProc.Boundary;

/// <summary>The formatter of slots of static type <typeparamref name="T"/>, made on first use.</summary>
internal static class FormatterCache<T>
{
    /// <summary>The formatter.</summary>
    public static readonly Formatter<T> Instance = (Formatter<T>)FormatterFactory.Create(typeof(T));
}
