namespace MultiProc.Calls;

/// <summary>Calls that block the calling thread until they have ended.</summary>
internal static class Blocking
{
    /// <summary>Submits a call and blocks until it has ended.</summary>
    /// <returns>The result of the call. A failure is thrown.</returns>
    public static TResult Call<TArguments, TResult>(
        IProcessPool pool, Delegate function, TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : struct =>
        pool is IBlockingPool own
            ? own.Submit<TArguments, TResult>(function, arguments, options, cancellationToken).Wait()
            : pool.SubmitAsync<TArguments, TResult>(function, arguments, options, cancellationToken).GetAwaiter().GetResult();
}
