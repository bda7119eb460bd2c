using System.CommandLine;
using MultiProc.Host.Pools;

namespace MultiProc.Host.Cli;

/// <summary>What several verbs take that work on a running pool.</summary>
internal static class PoolArguments
{
    /// <summary>The pool; completed from those that run.</summary>
    public static Argument<string> Name(bool isOptional = false)
    {
        var name = new Argument<string>("NAME")
        {
            Description = "A pool, by its name, its host's process id, or its address; see multiproc ps." + (isOptional ? " Not needed when there is only one." : ""),
            Arity = isOptional ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
        name.CompletionSources.Add(static _ => PoolFinder.Names().Select(static pool => new System.CommandLine.Completions.CompletionItem(pool)));
        return name;
    }

    /// <summary>A function of the pool; completed from those that it serves.</summary>
    public static Argument<string> Function(Argument<string> pool)
    {
        var function = new Argument<string>("FUNCTION") { Description = "A function that the pool serves: Namespace.Type.Method." };
        function.CompletionSources.Add(context => context.ParseResult.GetValue(pool) is { } name
            ? PoolFinder.FunctionsOf(name).Select(static served => new System.CommandLine.Completions.CompletionItem(served))
            : []);
        return function;
    }

    /// <summary>A worker, as <c>w2</c> or <c>2</c>.</summary>
    public static Argument<int?> Worker() => new("WORKER")
    {
        Description = "A worker, such as w2. Default: all workers of the pool.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = static result =>
        {
            if (result.Tokens.Count == 0)
            {
                return null;
            }

            var text = result.Tokens[0].Value;
            if (int.TryParse(text.StartsWith('w') ? text[1..] : text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var slot))
            {
                return slot;
            }

            result.AddError($"'{text}' is no worker. Give its name, such as w2.");
            return null;
        },
    };
}
