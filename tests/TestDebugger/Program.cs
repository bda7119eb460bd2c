using System.Globalization;
using MultiProc.TestDebugger;

// Attaches to the process whose id is the only argument. Then, for each line of standard input, one command and one line of answer; a process that stops says
// so in a line that begins with "stopped". When standard input ends, so does this process - as a debugger that crashes, unless it was told to detach.
var session = Session.Attach(int.Parse(args[0], CultureInfo.InvariantCulture));
Console.WriteLine("attached");
while (Console.ReadLine() is { } line)
{
    var (command, operand) = line.Split(' ', 2) is [var word, var rest] ? (word, rest) : (line, "");
    switch (command)
    {
        case "break":
            var place = operand.Split(' ');
            Console.WriteLine(session.Break(place[0], int.Parse(place[1], CultureInfo.InvariantCulture)) ? "break set" : "break nowhere");
            break;
        case "go":
            session.Continue();
            Console.WriteLine("running");
            break;
        case "wait":
            Console.WriteLine("stopped " + session.WaitForStop());
            break;
        case "arguments":
            Console.WriteLine(session.Arguments());
            break;
        case "step":
            session.Step();
            Console.WriteLine("stopped " + session.WaitForStop());
            break;
        case "pause":
            session.Pause();
            Console.WriteLine("stopped");
            break;
        case "detach":
            session.Detach();
            Console.WriteLine("detached");
            return;
        default:
            throw new ArgumentException($"There is no command {command}.");
    }
}
