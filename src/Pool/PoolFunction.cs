namespace MultiProc;

/// <summary>A function with its arguments, kept for later: an initializer or an exit hook.</summary>
internal abstract class PoolFunction
{
    /// <summary>Calls <paramref name="visitor"/> with the function and its arguments.</summary>
    public abstract TResult Accept<TResult>(IVisitor<TResult> visitor);

    public static PoolFunction Of<TArguments>(Delegate function, TArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new Closed<TArguments>(function, arguments);
    }

    private sealed class Closed<TArguments>(Delegate function, TArguments arguments) : PoolFunction
    {
        public override TResult Accept<TResult>(IVisitor<TResult> visitor) => visitor.Visit(function, arguments);
    }

    /// <summary>A use of a function that needs the type of its arguments.</summary>
    public interface IVisitor<out TResult>
    {
        TResult Visit<TArguments>(Delegate function, TArguments arguments);
    }
}
