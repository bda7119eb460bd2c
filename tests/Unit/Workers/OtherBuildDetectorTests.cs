using MultiProc.Workers;

namespace MultiProc.Unit.Workers;

public sealed class OtherBuildDetectorTests
{
    private static readonly string Own = typeof(OtherBuildDetectorTests).Assembly.Location;
    private static readonly string OwnBuild = typeof(OtherBuildDetectorTests).Module.ModuleVersionId.ToString();
    private static readonly string OtherBuild = Guid.NewGuid().ToString();

    [Fact]
    public void A_worker_that_has_loaded_what_this_process_runs_is_of_use()
    {
        var detector = new OtherBuildDetector(null, TimeSpan.FromMinutes(1), TimeProvider.System);

        Assert.Null(detector.Detect("", [Own], [OwnBuild]));
        Assert.Null(detector.Detect("", ["/elsewhere/" + Path.GetFileName(Own)], [OtherBuild]));
        Assert.Null(detector.Detect("No.Such.Assembly", [], []));
        Assert.Null(detector.Detect("", [Own], []));
    }

    [Fact]
    public void A_worker_that_has_loaded_another_build_of_a_file_or_not_found_it_is_not()
    {
        var detector = new OtherBuildDetector(null, TimeSpan.FromMinutes(1), TimeProvider.System);

        Assert.Contains(Own, detector.Detect("", ["/elsewhere", Own], [OwnBuild, OtherBuild]), StringComparison.Ordinal);
        Assert.Contains(Own, detector.Detect(typeof(OtherBuildDetectorTests).Assembly.GetName().Name!, [], []), StringComparison.Ordinal);
    }

    [Fact]
    public void No_more_are_believed_than_may_be_lost()
    {
        var detector = new OtherBuildDetector(2, TimeSpan.FromMinutes(1), TimeProvider.System);

        Assert.NotNull(detector.Detect("", [Own], [OtherBuild]));
        Assert.NotNull(detector.Detect("", [Own], [OtherBuild]));
        Assert.Null(detector.Detect("", [Own], [OtherBuild]));
    }
}
