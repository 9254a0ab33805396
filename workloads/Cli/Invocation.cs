namespace MlPerfEdu.Cli;

/// <summary>One invocation of a command: where it writes, and the files it works on, each read at first use.</summary>
sealed class Invocation(Services services, bool json)
{
    public Services Services => services;
    public CancellationToken Stop => services.Stop;

    /// <summary>For progress and remarks; never the answer.</summary>
    public Screen Log { get; } = services.ErrorScreen;

    public Repository Repository => field ??= services.FindRepository();
    public WorkloadCatalog Catalog => field ??= ReadCatalog();
    public IReadOnlyList<Lab> Labs => field ??= ReadLabs();
    public EvidenceStore Evidence => field ??= new(Repository, Catalog);
    public DataStore Data => field ??= DataStore.Open(DataEnvironment.From(services.Variable), stop: Stop);
    public MachineFacts Facts => field ??= services.Facts();
    public string MachineClass => Roofline.Detect.MachineClass.Of(Facts);

    /// <summary>Writes the answer: the document for a machine, or what <paramref name="people"/> draws for a person.</summary>
    public void Answer<T>(T document, Action<Screen> people)
    {
        if (json)
            services.Out.Write(JsonOutput.Text(document));
        else
            people(services.OutScreen);
    }

    public void Remark(string text) => Log.Line($"remark: {text}", Tone.Warning);

    /// <summary>The files that an answer would have had, but for what is wrong with them.</summary>
    public void RemarkPassedOver()
    {
        const int MostNamed = 5;
        List<string> files = [.. Evidence.PassedOver.Select(Repository.Relative)];
        foreach (var file in files.Take(MostNamed))
            Remark($"{file} cannot be trusted and is left out; `mlperfedu verify {file}` says why.");
        if (files.Count > MostNamed)
            Remark($"{files.Count - MostNamed} more cannot be trusted and are left out; `mlperfedu verify` names them.");
    }

    public bool ShowsProgress { get; set; } = true;

    public T Track<T>(string title, Func<IRunProgress, T> work) => !ShowsProgress
        ? work(new Reporter(_ => { }, services.Clock, Stop))
        : Log.IsPlain
        ? work(new Reporter(new PlainView(Log, title, services.Clock).Show, services.Clock, Stop))
        : TerminalView.Track(Log.Console, title, services.Clock, view => work(new Reporter(view.Show, services.Clock, Stop)));

    /// <summary>These parts of this machine's peaks at least: those kept, or measured now.</summary>
    public (MachinePeaks Peaks, string? Sidecar) Peaks(IReadOnlyList<PeakPart> parts, bool refresh = false)
    {
        // Mistakes in the catalog are told before the progress begins.
        var catalog = Catalog;
        return Track("peaks", progress => services.Peaks(Repository, catalog, parts, refresh, progress));
    }

    public CatalogEntry Entry(string id) =>
        Catalog.Find(id) ?? throw CliErrors.UnknownWorkload(id, Catalog.Entries.Select(entry => entry.Id));

    public ModelEntry Workload(string id) =>
        Entry(id) as ModelEntry ?? throw CliErrors.NotAWorkload(id, Catalog.Models.Select(entry => entry.Id));

    public IReadOnlyList<CatalogEntry> Suite(string suite)
    {
        List<CatalogEntry> entries = [.. Catalog.InSuite(suite)];
        return entries.Count > 0 ? entries : throw CliErrors.UnknownSuite(suite, Catalog.Entries.Select(entry => entry.Suite).Distinct());
    }

    public DataSetEntry DataSet(string id) => Data.Catalog.Contains(id)
        ? Data.Catalog[id]
        : throw CliErrors.UnknownDataSet(id, Data.Catalog.Entries.Select(entry => entry.Id));

    IReadOnlyList<Lab> ReadLabs()
    {
        var read = LabsReader.Read(Repository.LabsYaml, Catalog);
        return read.Content ?? throw CliErrors.CatalogInvalid(read.Diagnostics, "labs.yaml");
    }

    WorkloadCatalog ReadCatalog()
    {
        var read = WorkloadCatalogReader.Read(Repository.WorkloadsYaml);
        return read.Catalog ?? throw CliErrors.CatalogInvalid(read.Diagnostics);
    }
}
