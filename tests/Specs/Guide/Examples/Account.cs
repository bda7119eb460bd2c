namespace MultiProc.Specs.Guide;

// <lock-functions>
public static class Account
{
    private static SharedLock _lock = null!;
    private static SharedValue<int> _balance = null!;

    public static void Open(SharedLock accountLock, SharedValue<int> balance) => (_lock, _balance) = (accountLock, balance);

    public static void Deposit(int amount)
    {
        using (_lock.Acquire())
        {
            _balance.Value += amount;
        }
    }
}
// </lock-functions>
