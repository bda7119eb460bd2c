using System.Diagnostics;
using System.Runtime.Loader;
using System.Text.Json;
using MultiProc.Host.Functions;

namespace MultiProc.Host.Replay;

/// <summary>A recorded call in this process: what this command does not have itself comes from the application's folder.</summary>
internal static class LocalReplay
{
    private const string DependenciesSuffix = ".deps.json";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async Task<int> RunAsync(RecordedCall call, bool debug, CancellationToken cancellationToken)
    {
        UseApplication(call.DependenciesFile);
        if (debug)
        {
            await Console.Error.WriteLineAsync($"Waiting for a debugger: attach to process {Environment.ProcessId}.").ConfigureAwait(false);
            while (!Debugger.IsAttached)
            {
                await Task.Delay(Interval, cancellationToken).ConfigureAwait(false);
            }
        }

        object? result;
        try
        {
            result = await call.InvokeAsync(debug, cancellationToken).ConfigureAwait(false);
        }
        catch (ProcessPoolException exception) when (exception.GetType() == typeof(ProcessPoolException))
        {
            throw new InvalidCallException(exception.Message, exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever the function throws is what was asked for.
            await Console.Error.WriteLineAsync(TerminalText.Lines(exception.ToString())).ConfigureAwait(false);
            return HostExitCode.Failed;
        }

        Console.WriteLine(TerminalText.Json(Text(result)));
        return HostExitCode.Success;
    }

    private static void UseApplication(string? dependenciesFile)
    {
        if (dependenciesFile is null || !dependenciesFile.EndsWith(DependenciesSuffix, StringComparison.Ordinal))
        {
            return;
        }

        var assembly = dependenciesFile[..^DependenciesSuffix.Length] + ".dll";
        if (!File.Exists(assembly))
        {
            throw new InvalidCallException($"The application is not where it was when the call was recorded: there is no {assembly}.");
        }

        var resolver = new AssemblyDependencyResolver(assembly);
        AssemblyLoadContext.Default.Resolving += (context, name) => resolver.ResolveAssemblyToPath(name) is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            resolver.ResolveUnmanagedDllToPath(name) is { } path ? System.Runtime.InteropServices.NativeLibrary.Load(path) : 0;
    }

    private static string Text(object? result)
    {
        try
        {
            return JsonSerializer.Serialize(result, JsonText.Writing);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            return result?.ToString() ?? "";
        }
    }
}
