using System.Globalization;
using MultiProc.Chaos;

var minutes = 1.0;
var seed = Environment.TickCount;
var processes = 4;
for (var i = 0; i + 1 < args.Length; i += 2)
{
    switch (args[i])
    {
        case "--minutes":
            minutes = double.Parse(args[i + 1], CultureInfo.InvariantCulture);
            break;
        case "--seed":
            seed = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            break;
        case "--processes":
            processes = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            break;
        default:
            Console.Error.WriteLine($"chaos: unknown option {args[i]}. Options: --minutes M, --seed S, --processes N.");
            return 2;
    }
}

return await ChaosRun.RunAsync(TimeSpan.FromMinutes(minutes), seed, processes);
