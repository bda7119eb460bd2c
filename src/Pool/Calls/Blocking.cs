namespace MultiProc.Calls;

/// <summary>Calls that their caller waits for.</summary>
internal static class Blocking
{
    /// <summary>Submits a call and blocks until it has ended.</summary>
    /// <returns>Its result; its failure is thrown.</returns>
    public static TResult Call<TArguments, TResult>(
        IProcessPool pool, Delegate function, TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : struct =>
        pool is IBlockingPool own
            ? own.Submit<TArguments, TResult>(function, arguments, options, cancellationToken).Wait()
            : pool.SubmitAsync<TArguments, TResult>(function, arguments, options, cancellationToken).GetAwaiter().GetResult();
}
