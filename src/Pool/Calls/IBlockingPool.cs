namespace MultiProc.Calls;

/// <summary>A pool whose calls a thread can wait for without a task in between.</summary>
internal interface IBlockingPool
{
    /// <inheritdoc cref="IProcessPool.SubmitAsync"/>
    SingleCall<TResult> Submit<TArguments, TResult>(Delegate function, TArguments arguments, CallOptions? options, CancellationToken cancellationToken)
        where TArguments : struct;
}
