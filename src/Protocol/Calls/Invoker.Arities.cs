using System.Runtime.CompilerServices;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Calls;

/// <summary>The invokers, one class for each number of parameters.</summary>
internal abstract partial class Invoker
{
    private sealed class Function0<TReturn> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result)
        {
            result.NoteDecoded();
            Return<TReturn>.Write(Unsafe.As<Func<TReturn>>(function)(), result);
        }
    }

    private sealed class Action0 : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result)
        {
            result.NoteDecoded();
            Unsafe.As<Action>(function)();
            result.Write(default(ValueTuple));
        }
    }

    private sealed class Function1<T1, TReturn> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result) =>
            Return<TReturn>.Write(
                Unsafe.As<Func<T1, TReturn>>(function)(
                    result.Decoded(arguments.Read<T1>())),
                result);

        public override bool TryInvokeOnNumbers(Delegate function, ReadOnlySpan<byte> arguments, ResultEncoder result)
        {
            if (!FixedNumber<T1>.TryRead(ref arguments, out var argument) || !arguments.IsEmpty)
            {
                return false;
            }

            result.NoteDecoded();
            Return<TReturn>.Write(Unsafe.As<Func<T1, TReturn>>(function)(argument), result);
            return true;
        }
    }

    private sealed class Action1<T1> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result)
        {
            Unsafe.As<Action<T1>>(function)(
                    result.Decoded(arguments.Read<T1>()));
            result.Write(default(ValueTuple));
        }
    }

    private sealed class Function2<T1, T2, TReturn> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result) =>
            Return<TReturn>.Write(
                Unsafe.As<Func<T1, T2, TReturn>>(function)(
                    arguments.Read<T1>(),
                    result.Decoded(arguments.Read<T2>())),
                result);

        public override bool TryInvokeOnNumbers(Delegate function, ReadOnlySpan<byte> arguments, ResultEncoder result)
        {
            if (!FixedNumber<T1>.TryRead(ref arguments, out var first) || !FixedNumber<T2>.TryRead(ref arguments, out var second) || !arguments.IsEmpty)
            {
                return false;
            }

            result.NoteDecoded();
            Return<TReturn>.Write(Unsafe.As<Func<T1, T2, TReturn>>(function)(first, second), result);
            return true;
        }
    }

    private sealed class Action2<T1, T2> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result)
        {
            Unsafe.As<Action<T1, T2>>(function)(
                    arguments.Read<T1>(),
                    result.Decoded(arguments.Read<T2>()));
            result.Write(default(ValueTuple));
        }
    }

    private sealed class Function3<T1, T2, T3, TReturn> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result) =>
            Return<TReturn>.Write(
                Unsafe.As<Func<T1, T2, T3, TReturn>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    result.Decoded(arguments.Read<T3>())),
                result);
    }

    private sealed class Action3<T1, T2, T3> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result)
        {
            Unsafe.As<Action<T1, T2, T3>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    result.Decoded(arguments.Read<T3>()));
            result.Write(default(ValueTuple));
        }
    }

    private sealed class Function4<T1, T2, T3, T4, TReturn> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result) =>
            Return<TReturn>.Write(
                Unsafe.As<Func<T1, T2, T3, T4, TReturn>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    arguments.Read<T3>(),
                    result.Decoded(arguments.Read<T4>())),
                result);
    }

    private sealed class Action4<T1, T2, T3, T4> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result)
        {
            Unsafe.As<Action<T1, T2, T3, T4>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    arguments.Read<T3>(),
                    result.Decoded(arguments.Read<T4>()));
            result.Write(default(ValueTuple));
        }
    }

    private sealed class Function5<T1, T2, T3, T4, T5, TReturn> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result) =>
            Return<TReturn>.Write(
                Unsafe.As<Func<T1, T2, T3, T4, T5, TReturn>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    arguments.Read<T3>(),
                    arguments.Read<T4>(),
                    result.Decoded(arguments.Read<T5>())),
                result);
    }

    private sealed class Action5<T1, T2, T3, T4, T5> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result)
        {
            Unsafe.As<Action<T1, T2, T3, T4, T5>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    arguments.Read<T3>(),
                    arguments.Read<T4>(),
                    result.Decoded(arguments.Read<T5>()));
            result.Write(default(ValueTuple));
        }
    }

    private sealed class Function6<T1, T2, T3, T4, T5, T6, TReturn> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result) =>
            Return<TReturn>.Write(
                Unsafe.As<Func<T1, T2, T3, T4, T5, T6, TReturn>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    arguments.Read<T3>(),
                    arguments.Read<T4>(),
                    arguments.Read<T5>(),
                    result.Decoded(arguments.Read<T6>())),
                result);
    }

    private sealed class Action6<T1, T2, T3, T4, T5, T6> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result)
        {
            Unsafe.As<Action<T1, T2, T3, T4, T5, T6>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    arguments.Read<T3>(),
                    arguments.Read<T4>(),
                    arguments.Read<T5>(),
                    result.Decoded(arguments.Read<T6>()));
            result.Write(default(ValueTuple));
        }
    }

    private sealed class Function7<T1, T2, T3, T4, T5, T6, T7, TReturn> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result) =>
            Return<TReturn>.Write(
                Unsafe.As<Func<T1, T2, T3, T4, T5, T6, T7, TReturn>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    arguments.Read<T3>(),
                    arguments.Read<T4>(),
                    arguments.Read<T5>(),
                    arguments.Read<T6>(),
                    result.Decoded(arguments.Read<T7>())),
                result);
    }

    private sealed class Action7<T1, T2, T3, T4, T5, T6, T7> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result)
        {
            Unsafe.As<Action<T1, T2, T3, T4, T5, T6, T7>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    arguments.Read<T3>(),
                    arguments.Read<T4>(),
                    arguments.Read<T5>(),
                    arguments.Read<T6>(),
                    result.Decoded(arguments.Read<T7>()));
            result.Write(default(ValueTuple));
        }
    }

    private sealed class Function8<T1, T2, T3, T4, T5, T6, T7, T8, TReturn> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result) =>
            Return<TReturn>.Write(
                Unsafe.As<Func<T1, T2, T3, T4, T5, T6, T7, T8, TReturn>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    arguments.Read<T3>(),
                    arguments.Read<T4>(),
                    arguments.Read<T5>(),
                    arguments.Read<T6>(),
                    arguments.Read<T7>(),
                    result.Decoded(arguments.Read<T8>())),
                result);
    }

    private sealed class Action8<T1, T2, T3, T4, T5, T6, T7, T8> : Invoker
    {
        public override void Invoke(Delegate function, BoundaryReader arguments, ResultEncoder result)
        {
            Unsafe.As<Action<T1, T2, T3, T4, T5, T6, T7, T8>>(function)(
                    arguments.Read<T1>(),
                    arguments.Read<T2>(),
                    arguments.Read<T3>(),
                    arguments.Read<T4>(),
                    arguments.Read<T5>(),
                    arguments.Read<T6>(),
                    arguments.Read<T7>(),
                    result.Decoded(arguments.Read<T8>()));
            result.Write(default(ValueTuple));
        }
    }
}
