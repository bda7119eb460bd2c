using System.Diagnostics;
using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>How a process is to be started.</summary>
internal static class ProcessCopies
{
    private static readonly string[] Names =
    [
        nameof(ProcessStartInfo.FileName), nameof(ProcessStartInfo.Arguments), nameof(ProcessStartInfo.WorkingDirectory), nameof(ProcessStartInfo.CreateNoWindow),
        nameof(ProcessStartInfo.ErrorDialog), nameof(ProcessStartInfo.RedirectStandardInput), nameof(ProcessStartInfo.RedirectStandardOutput),
        nameof(ProcessStartInfo.RedirectStandardError), nameof(ProcessStartInfo.StandardInputEncoding), nameof(ProcessStartInfo.StandardOutputEncoding),
        nameof(ProcessStartInfo.StandardErrorEncoding), nameof(ProcessStartInfo.UseShellExecute), nameof(ProcessStartInfo.UserName), nameof(ProcessStartInfo.Verb),
        nameof(ProcessStartInfo.WindowStyle),
    ];

    private static readonly PropertyInfo[] Properties = [.. Names.Select(static name => typeof(ProcessStartInfo).GetProperty(name)!)];

    private static readonly FieldInfo? Variables = typeof(ProcessStartInfo).GetField("_environmentVariables", BindingFlags.Instance | BindingFlags.NonPublic);

    public static Serializer Starts() => new Copied<ProcessStartInfo, (object?[], string[], KeyValuePair<string, string?>[]?)>(
        start => (
            [.. Properties.Select(property => property.GetValue(start))], [.. start.ArgumentList],
            Variables is not null && Variables.GetValue(start) is null ? null : [.. start.Environment]),
        surrogate =>
        {
            var start = new ProcessStartInfo();
            foreach (var (property, value) in Properties.Zip(surrogate.Item1))
            {
                property.SetValue(start, value);
            }

            foreach (var argument in surrogate.Item2)
            {
                start.ArgumentList.Add(argument);
            }

            if (surrogate.Item3 is { } variables)
            {
                start.Environment.Clear();
                foreach (var (name, value) in variables)
                {
                    start.Environment[name] = value;
                }
            }

            return start;
        });
}
