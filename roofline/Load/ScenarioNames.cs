namespace MlPerfEdu.Roofline.Load;

/// <summary>The scenarios as workloads.yaml and the command line spell them.</summary>
public static class ScenarioNames
{
    public static string Name(this LoadScenario scenario) => scenario switch
    {
        LoadScenario.SingleStream => "single_stream",
        LoadScenario.MultiStream => "multi_stream",
        LoadScenario.Server => "server",
        _ => "offline",
    };

    public static LoadScenario Parse(string name) => Enum.GetValues<LoadScenario>().Single(scenario => scenario.Name() == name);
}
