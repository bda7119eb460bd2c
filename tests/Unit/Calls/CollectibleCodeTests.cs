using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using MultiProc.Boundary;
using MultiProc.Calls;
using MultiProc.Sequences;

namespace MultiProc.Unit.Calls;

/// <summary>What a pool keeps about functions and types keeps none of them from being unloaded.</summary>
public sealed class CollectibleCodeTests
{
    private static readonly Dictionary<string, (object Keeper, Action<Func<int, int>> Use)> Keepers = Make();

    public static TheoryData<string> Kept() => [.. Keepers.Keys];

    [Theory]
    [MemberData(nameof(Kept))]
    public void Code_is_unloaded_after_it_was_used(string kept)
    {
        var code = Use(Keepers[kept].Use);
        for (var turn = 0; turn < 20 && code.IsAlive; turn++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(code.IsAlive, $"{kept} still refers to it.");
        GC.KeepAlive(Keepers);
    }

    [Fact]
    public void What_is_known_about_a_function_is_kept_while_the_function_is()
    {
        var times = new ItemTimes();
        var (lasting, collectible) = ((Func<int, int>)Math.Abs, Twice());
        times.Of(lasting).Note(3);
        times.Of(collectible).Note(5);
        GC.Collect();

        Assert.Equal((3, 5), (times.Of(lasting).Milliseconds, times.Of(collectible).Milliseconds));
        GC.KeepAlive(collectible);
    }

    private static Dictionary<string, (object Keeper, Action<Func<int, int>> Use)> Make()
    {
        var (policies, times) = (new CallPolicies(new ProcessPoolOptions()), new ItemTimes());
        var rules = new ProcessPoolOptions().WithSurrogate<Version, string>(static version => version.ToString(), static text => new Version(text)).Rules!;
        return new()
        {
            ["policies"] = (policies, function => policies.Of(default(CallOptions), function)),
            ["item times"] = (times, function => times.Of(function)),
            ["rules"] = (rules, function => rules.For(function.Method.DeclaringType!)),
            ["function references"] = (typeof(FunctionReference), function => FunctionReference.For(function)),
            ["an application's assemblies"] = (ApplicationAssemblies.OfProcess, static function => ApplicationAssemblies.OfProcess.Include(function)),
        };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Use(Action<Func<int, int>> use)
    {
        var function = Twice();
        use(function);
        use(function);
        return new WeakReference(function.Method.Module);
    }

    // Of an assembly that is unloaded when nothing refers to it.
    private static Func<int, int> Twice()
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Collectible"), AssemblyBuilderAccess.RunAndCollect)
            .DefineDynamicModule("Collectible").DefineType("Code", TypeAttributes.Public);
        var code = type.DefineMethod("Twice", MethodAttributes.Public | MethodAttributes.Static, typeof(int), [typeof(int)]).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Dup);
        code.Emit(OpCodes.Add);
        code.Emit(OpCodes.Ret);
        return type.CreateType().GetMethod("Twice")!.CreateDelegate<Func<int, int>>();
    }
}
