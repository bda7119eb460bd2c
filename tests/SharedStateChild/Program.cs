using System.Globalization;
using MultiProc;
using MultiProc.SharedStateChild;

// Arguments: a verb, handles and numbers. Each step is reported as one line, which survives whatever happens next.
var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
var parent = Console.In;

void Say(object? what) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}"));
int Number(int index) => int.Parse(args[index], CultureInfo.InvariantCulture);

switch (args[0])
{
    case "hold-lock":
        using (SharedHandle.Attach<SharedLock>(args[1]).Acquire())
        {
            Say("held");
            parent.ReadLine();
        }

        Say("released");
        break;

    case "hold-lock-without-end":
        SharedHandle.Attach<SharedLock>(args[1]).Acquire();
        break;

    case "wait-lock":
        var waited = SharedHandle.Attach<SharedLock>(args[1]);
        Say("waiting");
        try
        {
            using var holder = await waited.AcquireAsync();
            Say(holder.WasAbandoned ? "abandoned" : "acquired");
        }
        catch (ObjectDisposedException e)
        {
            Say(e.Message.Contains("has exited", StringComparison.Ordinal) ? "creator exited" : "creator disposed");
        }

        break;

    case "increment":
        var guard = SharedHandle.Attach<SharedLock>(args[1]);
        var plain = SharedHandle.Attach<SharedValue<long>>(args[2]);
        Say("ready");
        parent.ReadLine();
        for (var i = 0; i < Number(3); i++)
        {
            using (i % 2 == 0 ? guard.Acquire() : await guard.AcquireAsync())
            {
                plain.Value++;
            }
        }

        Say("done");
        break;

    case "count-pairs":
        var pairsLock = SharedHandle.Attach<SharedLock>(args[1]);
        var pairs = SharedHandle.Attach<SharedArray<long>>(args[2]);
        Say("ready");
        while (true)
        {
            using var holder = pairsLock.Acquire();
            if (holder.WasAbandoned)
            {
                pairs[0] = pairs[1] = Math.Min(pairs[0], pairs[1]);
            }

            if (pairs[0] != pairs[1])
            {
                Say("broken");
            }

            pairs[0]++;
            Thread.SpinWait(50);
            pairs[1]++;
        }

    case "add":
        var sum = SharedHandle.Attach<SharedValue<int>>(args[1]);
        Say("ready");
        parent.ReadLine();
        for (var i = 0; i < Number(2); i++)
        {
            sum.Add(1);
        }

        Say("done");
        break;

    case "write-quads":
        var quad = SharedHandle.Attach<SharedValue<Quad>>(args[1]);
        Say("ready");
        for (var i = 1L; ; i++)
        {
            quad.Value = Quad.Of(i);
        }

    case "fill-array":
        var array = SharedHandle.Attach<SharedArray<int>>(args[1]);
        for (var i = Number(2); i < array.Length; i += Number(3))
        {
            array.Span[i] = i;
        }

        Say("done");
        break;

    case "hold-permits":
        var semaphore = SharedHandle.Attach<SharedSemaphore>(args[1]);
        for (var i = 0; i < Number(2); i++)
        {
            semaphore.Acquire();
        }

        Say("held");
        parent.ReadLine();
        break;

    case "wait-event":
        var signal = SharedHandle.Attach<SharedEvent>(args[1]);
        Say("waiting");
        await signal.WaitAsync();
        Say("set");
        break;

    case "set-event":
        SharedHandle.Attach<SharedEvent>(args[1]).Set();
        break;

    case "meet":
        var barrier = SharedHandle.Attach<SharedBarrier>(args[1]);
        Say("arriving");
        for (var i = 0; i < Number(2); i++)
        {
            await barrier.SignalAndWaitAsync();
            Say("met");
        }

        break;

    case "produce":
        var products = SharedHandle.Attach<SharedQueue<string>>(args[1]);
        var padding = new string('x', Number(3));
        for (var i = 0; i < Number(4); i++)
        {
            await products.EnqueueAsync(string.Create(CultureInfo.InvariantCulture, $"{args[2]}-{i} {padding}"));
            Say(string.Create(CultureInfo.InvariantCulture, $"{args[2]}-{i}"));
        }

        break;

    case "consume":
        var source = SharedHandle.Attach<SharedQueue<string>>(args[1]);
        await foreach (var item in source.ReadAllAsync())
        {
            Say(item.Split(' ')[0]);
        }

        Say("end");
        break;

    case "create-lock":
        var created = new SharedLock();
        Say(SharedHandle.Of(created));
        parent.ReadLine();
        break;

    case "attach-lock":
        try
        {
            SharedHandle.Attach<SharedLock>(args[1]);
            Say("attached");
        }
        catch (InvalidOperationException e)
        {
            Say(e.Message);
        }

        break;

    default:
        throw new ArgumentException($"No such verb: {args[0]}.");
}
