using System.Reflection;
using MultiProc;
using MultiProc.SpecHost;

// A host that does not let workers in, or too late, is what some specs are about.
if (args is not [.., nameof(Scenarios.WithoutHook) or nameof(Scenarios.HookTooLate)])
{
    ProcessPool.RunWorkerIfRequested();
}

// One scenario per run, by name. What it has to say it says line by line; the spec decides how it ends.
var scenario = typeof(Scenarios).GetMethod(args[^1], BindingFlags.Public | BindingFlags.Static)
    ?? throw new ArgumentException($"There is no scenario {args[^1]}.");
return await (Task<int>)scenario.Invoke(null, null)!;
