using MultiProc.Workers;

namespace MultiProc.Unit.Workers;

public sealed class UselessWorkersTests
{
    private static readonly string Own = typeof(UselessWorkersTests).Assembly.Location;
    private static readonly string OwnBuild = typeof(UselessWorkersTests).Module.ModuleVersionId.ToString();
    private static readonly string OtherBuild = Guid.NewGuid().ToString();

    [Fact]
    public void A_worker_that_has_loaded_what_this_process_runs_is_of_use()
    {
        var judge = new UselessWorkers(null, TimeSpan.FromMinutes(1), TimeProvider.System);

        Assert.Null(judge.Judge("", [Own], [OwnBuild]));
        Assert.Null(judge.Judge("", ["/elsewhere/" + Path.GetFileName(Own)], [OtherBuild]));
        Assert.Null(judge.Judge("No.Such.Assembly", [], []));
        Assert.Null(judge.Judge("", [Own], []));
    }

    [Fact]
    public void A_worker_that_has_loaded_another_build_of_a_file_or_not_found_it_is_not()
    {
        var judge = new UselessWorkers(null, TimeSpan.FromMinutes(1), TimeProvider.System);

        Assert.Contains(Own, judge.Judge("", ["/elsewhere", Own], [OwnBuild, OtherBuild]), StringComparison.Ordinal);
        Assert.Contains(Own, judge.Judge(typeof(UselessWorkersTests).Assembly.GetName().Name!, [], []), StringComparison.Ordinal);
    }

    [Fact]
    public void No_more_are_believed_than_may_be_lost()
    {
        var judge = new UselessWorkers(2, TimeSpan.FromMinutes(1), TimeProvider.System);

        Assert.NotNull(judge.Judge("", [Own], [OtherBuild]));
        Assert.NotNull(judge.Judge("", [Own], [OtherBuild]));
        Assert.Null(judge.Judge("", [Own], [OtherBuild]));
    }
}
