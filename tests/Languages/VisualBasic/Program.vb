Imports System
Imports System.Linq
Imports System.Threading
Imports System.Threading.Tasks
Imports MultiProc

Module Program
    Sub Main()
        RunAsync().GetAwaiter().GetResult()
    End Sub

    Private Async Function RunAsync() As Task
        Dim pool = Await ProcessPool.StartAsync(1)
        Try
            Dim who = "a worker"
            Dim host = Environment.ProcessId
            Dim notCopied As New ManualResetEvent(False)
            Dim neighbour As Action = Sub() notCopied.Set()

            Console.WriteLine("value       " & Await pool.RunAsync(Function() who & " " & (Environment.ProcessId <> host)))

            Dim awaited = Await pool.RunAsync(Async Function()
                                                  Await Task.Delay(1)
                                                  Return who.Length
                                              End Function)
            Console.WriteLine($"task        {awaited}")

            Console.WriteLine($"arguments   {Await pool.ApplyAsync(Function(a As Integer, b As Integer) a + b, 1, 2)}")

            Dim squares = Await pool.MapAsync(Function(number As Integer) number * number, {1, 2, 3})
            Console.WriteLine($"map         {String.Join(" ", squares)}")

            Try
                Await pool.RunAsync(Function() As Integer
                                        Throw New InvalidOperationException("no luck")
                                    End Function)
            Catch exception As InvalidOperationException
                Console.WriteLine($"exception   {exception.Message}")
            End Try

            Try
                Await pool.RunAsync(Function() As Integer
                                        Thread.Sleep(Timeout.Infinite)
                                        Return who.Length
                                    End Function, New CallOptions With {.Timeout = TimeSpan.FromMilliseconds(50)})
            Catch exception As CallTimeoutException
                Console.WriteLine($"name        {exception.Message.Split(" ran ")(0)}")
            End Try

            neighbour()
        Finally
            pool.Dispose()
        End Try
    End Function
End Module
