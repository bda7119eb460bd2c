using MultiProc;
using RiskyService;

ProcessPool.RunWorkerIfRequested();
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddProcessPool(builder.Configuration.GetSection("Pool"));
builder.Services.AddHealthChecks().AddProcessPool();
var app = builder.Build();

// What ends a worker ends one request, with an answer that says so; the others do not notice.
var limit = new CallOptions { Timeout = TimeSpan.FromSeconds(1) };
app.MapGet("/measure/{text}", async (string text, ProcessPool pool, CancellationToken aborted) =>
{
    try
    {
        return Results.Json(await pool.ApplyAsync(Native.Measure, text, limit, aborted));
    }
    catch (WorkerLostException lost)
    {
        return Results.Json(new Measured(-1, lost.ProcessId), statusCode: StatusCodes.Status502BadGateway);
    }
    catch (CallTimeoutException)
    {
        return Results.StatusCode(StatusCodes.Status504GatewayTimeout);
    }
});
app.MapGet("/workers", static (ProcessPool pool) => pool.Workers.Where(static worker => worker.ProcessId != 0).Select(static worker => worker.ProcessId));
app.MapHealthChecks("/health");
await app.RunAsync();
