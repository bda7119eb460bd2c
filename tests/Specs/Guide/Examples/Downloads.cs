namespace MultiProc.Specs.Guide;

// <semaphore-functions>
public static class Downloads
{
    private static SharedSemaphore _permits = null!;

    public static void Limit(SharedSemaphore permits) => _permits = permits;

    public static async Task<string> FetchAsync(int page)
    {
        using (await _permits.AcquireAsync())
        {
            await Task.Delay(10);
            return $"page {page}";
        }
    }
}
// </semaphore-functions>
