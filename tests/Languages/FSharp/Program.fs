module Program

open System
open System.Threading
open System.Threading.Tasks
open MultiProc

type Shape =
    | Circle of radius: float
    | Square of side: float

type Order = { Id: int; Name: string; Tags: string list }

let area shape =
    match shape with
    | Circle radius -> Math.Round(Math.PI * radius * radius, 2)
    | Square side -> side * side

let failing () : int = failwith "no luck"

let failureOf (call: unit -> Task<int>) = task {
    try
        let! _ = call ()
        return "no failure"
    with error ->
        let text = error.Message.Split(" ran ")[0]
        return $"{error.GetType().Name}: {text}"
}

let run () = task {
    use! pool = ProcessPool.StartAsync 1
    let who = "a worker"
    let host = Environment.ProcessId

    let! greeting = pool.RunAsync(fun () -> $"{who} {Environment.ProcessId <> host}")
    printfn "value       %s" greeting

    do! pool.RunAsync(fun () -> Console.Out.Flush())

    let! awaited = pool.RunAsync(fun () -> task {
        do! Task.Delay 1
        return who.Length
    })
    printfn "task        %d" awaited

    let! computed = pool.RunAsync(fun () -> async {
        do! Async.Sleep 1
        return who.Length + 1
    })
    printfn "async       %d" computed

    let! added = pool.ApplyAsync((fun a b -> a + b), 1, 2)
    printfn "arguments   %d" added

    let! areas = pool.MapAsync(area, [ Circle 1.0; Square 2.0 ])
    printfn "map         %A" areas

    let! squares = pool.MapAsync((fun number -> task { return number * number }), [ 1; 2; 3 ])
    printfn "map tasks   %A" squares

    let! order = pool.ApplyAsync((fun order -> { order with Tags = "new" :: order.Tags }), { Id = 1; Name = "x"; Tags = [ "a" ] })
    printfn "record      %A" (order.Id, order.Name, order.Tags)

    let! failure = failureOf (fun () -> pool.RunAsync(failing))
    printfn "exception   %s" failure

    let! late = failureOf (fun () ->
        pool.RunAsync((fun () ->
            Thread.Sleep Timeout.Infinite
            who.Length), CallOptions(Timeout = TimeSpan.FromMilliseconds 50.0)))
    printfn "name        %s" late
}

[<EntryPoint>]
let main _ =
    run().GetAwaiter().GetResult()
    0
