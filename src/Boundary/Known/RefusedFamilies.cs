namespace MultiProc.Boundary;

/// <summary>The framework's types that never cross, each with its way out. Also part of the analyzers: what is refused at run time is marked while it is written.</summary>
internal static class RefusedFamilies
{
    /// <summary>Why nothing crosses that implements <see cref="IServiceProvider"/>.</summary>
    public const string Services = "services live in the process that built them. Build the provider in the worker (in the " +
        "initializer), or pass the data the service would give.";

    private const string Configuration = "configuration is read where it is loaded, and may change there. Pass the values (such as Get<MyOptions>() of a section), or build it in the worker " +
        "(in the initializer).";
    private const string Cache = "a cache belongs to its process. Create one in the worker (in the initializer), or pass the values that it holds.";
    private const string Factory = "it gives out clients that share connections of this process. Create an HttpClient in the worker (in the initializer), and keep it in a static field.";
    private const string Context = "a context holds a connection of this process and tracks entities. Pass the entities or their keys, and create the context in the worker, in the function itself.";
    private const string Query = "it asks the database when it is read, through a context of this process. Call ToList() or ToArray() first, and pass the entities.";
    private const string Loggers = "it makes loggers of this process. Pass an ILogger, which crosses live; or use WorkerContext.Current.CreateLogger in the worker.";
    private const string Request = "a request belongs to the process that answers it. Pass the values of it that the function needs.";

    /// <summary>Why nothing crosses that implements one of these; by the interface's full name as metadata spell it.</summary>
    public static IReadOnlyDictionary<string, string> Contracts { get; } = new Dictionary<string, string>
    {
        ["System.IServiceProvider"] = Services,
        ["Microsoft.Extensions.DependencyInjection.IServiceScope"] = Services,
        ["Microsoft.Extensions.DependencyInjection.IServiceScopeFactory"] = Services,
        ["Microsoft.Extensions.Hosting.IHost"] = Services,
        ["Microsoft.Extensions.Configuration.IConfiguration"] = Configuration,
        ["Microsoft.Extensions.Configuration.IConfigurationProvider"] = Configuration,
        ["Microsoft.Extensions.Caching.Memory.IMemoryCache"] = Cache,
        ["Microsoft.Extensions.Caching.Distributed.IDistributedCache"] = Cache,
        ["System.Net.Http.IHttpClientFactory"] = Factory,
        ["Microsoft.Extensions.Logging.ILoggerFactory"] = Loggers,
        ["Microsoft.Extensions.Logging.ILoggerProvider"] = Loggers,
        ["Microsoft.AspNetCore.Http.IHttpContextAccessor"] = Request,
    };

    private const string Lock = "a lock guards the threads of one process. Use a SharedLock, which guards processes, too (or keep the " +
        "lock in a static field of the worker).";
    private const string Await = "a task runs in this process. Await it first and pass its result.";
    private const string Signal = "it signals the threads of one process. Use a SharedEvent, SharedSemaphore or SharedLock, which work " +
        "across processes.";
    private const string Timer = "it runs in this process. Create it in the worker: in the function itself, or in the initializer.";
    private const string Handle = "it stands for a resource of this process. Pass what the worker needs to open its own (a path, a " +
        "name), or the data.";

    private const string Table = "its rows, views and events are one web. Pass the rows as objects or arrays, or the text that WriteXml " +
        "writes.";

    /// <summary>Classes of such families that are nothing but memory, and so do cross; those derived from them do not.</summary>
    public static IReadOnlyCollection<string> Copied { get; } = ["System.IO.MemoryStream", "System.IO.StringReader", "System.IO.StringWriter"];

    /// <summary>Why nothing of a type, and of what derives from it, crosses; by the type's full name as metadata spell it.</summary>
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["MultiProc.ProcessPool"] = "a pool belongs to the process that started it. Return what is to be called next, or " +
            "start another pool in the worker.",
        ["System.IO.Stream"] = "a stream belongs to the process that opened it. Pass the path and open it in the worker, or pass the " +
            "bytes.",
        ["System.IO.TextReader"] = "a reader belongs to the process that opened it. Pass the path and open it in the worker, or pass " +
            "the text.",
        ["System.IO.TextWriter"] = "a writer belongs to the process that opened it. Return the text, or pass the path and open it in " +
            "the worker.",
        ["System.Net.Sockets.Socket"] = "a socket belongs to the process that opened it. Pass the address and connect in the worker.",
        ["System.Net.Sockets.TcpClient"] = "a connection belongs to the process that opened it. Pass the address and connect in the " +
            "worker.",
        ["System.Net.Http.HttpMessageInvoker"] = "an HTTP client holds connections of this process. Create it in the worker (in the " +
            "initializer).",
        ["System.Net.Http.HttpMessageHandler"] = "an HTTP handler holds connections of this process. Create it in the worker (in the " +
            "initializer).",
        ["System.Data.Common.DbConnection"] = "a connection belongs to the process that opened it. Pass the connection string and open " +
            "it in the worker.",
        ["System.Runtime.InteropServices.SafeHandle"] = Handle,
        ["System.Runtime.InteropServices.CriticalHandle"] = Handle,
        ["System.Data.DataSet"] = Table,
        ["System.Data.DataTable"] = Table,
        ["System.Reflection.Pointer"] = "an address means nothing in another process. Pass what it points to, or a SharedArray.",
        ["LanguageExt.MapItem`2"] = "its leaves are one object of each process, which a copy would not be. Pass the map's items (ToArray()), or a HashMap, or give the pool a rule for the map " +
            "with WithSurrogate.",
        ["Microsoft.EntityFrameworkCore.DbContext"] = Context,
        ["Microsoft.EntityFrameworkCore.DbSet`1"] = Query,
        ["Microsoft.AspNetCore.Http.HttpContext"] = Request,
        ["System.Threading.Mutex"] = Lock,
        ["System.Threading.Lock"] = Lock,
        ["System.Threading.ReaderWriterLockSlim"] = Lock,
        ["System.Threading.ReaderWriterLock"] = Lock,
        ["System.Threading.SemaphoreSlim"] = Signal,
        ["System.Threading.WaitHandle"] = Signal,
        ["System.Threading.ManualResetEventSlim"] = Signal,
        ["System.Threading.CountdownEvent"] = Signal,
        ["System.Threading.Barrier"] = "it makes the threads of one process meet. Use a SharedBarrier.",
        ["System.Threading.Thread"] = "a thread belongs to its process. The function given to the pool already runs in another one: " +
            "call what the thread would run.",
        ["System.Threading.Tasks.Task"] = Await,
        ["System.Threading.Tasks.ValueTask"] = Await,
        ["System.Threading.Tasks.ValueTask`1"] = Await,
        ["System.Threading.Tasks.TaskCompletionSource"] = Await,
        ["System.Threading.Tasks.TaskCompletionSource`1"] = Await,
        ["System.Threading.SpinLock"] = Lock,
        ["System.Threading.Tasks.TaskScheduler"] = Timer,
        ["System.Threading.SynchronizationContext"] = Timer,
        ["System.Threading.ExecutionContext"] = Timer,
        ["System.Threading.Timer"] = Timer,
        ["System.Timers.Timer"] = Timer,
        ["System.Threading.PeriodicTimer"] = Timer,
        ["System.Threading.CancellationTokenSource"] = "only the side that created it can cancel it. Pass its Token, which crosses live.",
        ["System.Diagnostics.Process"] = "it stands for a process as this one sees it. Pass its Id, or start it in the worker.",
        ["System.Linq.Expressions.Expression"] = "an expression tree is not copied. Pass a lambda as a delegate: its code is found in " +
            "the worker.",
        ["Microsoft.FSharp.Control.FSharpAsync`1"] = "an async computation says what is to be done, and nobody has done it. Reference the package " +
            "MultiProc.FSharp, with which a function that returns one is run and awaited, or return `computation |> Async.StartAsTask`.",
        ["System.WeakReference"] = "it does not keep its target. Pass the target.",
        ["System.WeakReference`1"] = "it does not keep its target. Pass the target.",
        ["System.Threading.ThreadLocal`1"] = "its values belong to the threads of this process. Pass the value.",
        ["System.Threading.AsyncLocal`1"] = "its value belongs to a flow of calls in this process. Pass the value.",
        ["System.Collections.Concurrent.BlockingCollection`1"] = "it connects the threads of one process. Use a SharedQueue, or pass " +
            "its items with ToArray().",
        ["System.Threading.Channels.Channel`1"] = "it connects the threads of one process. Use a SharedQueue.",
        ["System.Threading.Channels.Channel`2"] = "it connects the threads of one process. Use a SharedQueue.",
        ["System.Threading.Channels.ChannelReader`1"] = "it connects the threads of one process. Use a SharedQueue.",
        ["System.Threading.Channels.ChannelWriter`1"] = "it connects the threads of one process. Use a SharedQueue.",
        ["System.Runtime.CompilerServices.ConditionalWeakTable`2"] = "it does not keep its keys. Pass a Dictionary.",
    };
}
