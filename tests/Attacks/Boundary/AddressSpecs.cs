using System.Runtime.CompilerServices;
using SkiaSharp;

namespace MultiProc.Attacks.Boundary;

/// <summary>What owns memory of one process is never freed a second time by another.</summary>
public sealed class AddressSpecs(TwoWorkers shared) : SharedPoolSpec(shared), IClassFixture<TwoWorkers>
{
    [Spec]
    public async Task An_object_that_owns_native_memory_is_refused_as_a_result()
    {
        await ThrowsAsync(static () => new NativeBuffer(), "result");
        await ThrowsAsync(static () => new HoldsNative("x"), "result.Buffer");
        await ThrowsAsync<object>(static () => new List<object> { 1, new NativeBuffer() }, "result[1]");
        CollectTwice();
        Assert.Equal(1, await Pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task It_is_refused_as_an_argument_before_anything_is_sent()
    {
        using var buffer = new NativeBuffer();

        var refusal = await Assert.ThrowsAsync<NotSerializableException>(() => Pool.ApplyAsync(static (NativeBuffer buffer) => buffer.ToString(), buffer));

        Assert.Equal("arg", refusal.Path);
        Assert.Contains("finalizer", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("WithSurrogate", refusal.Message, StringComparison.Ordinal);
    }

    [Spec]
    public async Task Ten_exceptions_that_hold_one_come_home_without_it()
    {
        for (var i = 0; i < 10; i++)
        {
            var exception = await Assert.ThrowsAsync<NativeException>(() => Pool.RunAsync(static int () => throw new NativeException()));
            Assert.Null(exception.Buffer);
            Assert.Equal(["exception.Buffer"], (string[])exception.Data["MultiProc.LeftOut"]!);
        }

        CollectTwice();
        Assert.Equal(1, await Pool.RunAsync(static () => 1));
    }

    [Spec]
    public async Task The_objects_of_a_drawing_library_are_refused_and_the_host_lives()
    {
        await ThrowsAsync(static () => new SKBitmap(10, 10), "result");
        await ThrowsAsync(static () => new SKPaint(), "result");
        await ThrowsAsync(static () => new SKPath(), "result");
        await ThrowsAsync(static () => new { Name = "picture", Bitmap = new SKBitmap(10, 10) }, "result.Bitmap");
        Assert.Equal(SKColors.Red, await Pool.ApplyAsync(static (SKColor color) => color, SKColors.Red));
        Assert.Equal(new SKRect(1, 2, 3, 4), await Pool.ApplyAsync(static (SKRect area) => area, new SKRect(1, 2, 3, 4)));
        CollectTwice();
        Assert.Equal(1, await Pool.RunAsync(static () => 1));
    }

    private async Task ThrowsAsync<T>(Func<T> function, string path)
    {
        var refusal = await Assert.ThrowsAsync<NotSerializableException>(() => Pool.RunAsync(function));
        Assert.Equal(path, refusal.Path);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CollectTwice()
    {
        // A copy that was made after all would free its address here.
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
