namespace MlPerfEdu.Generator.Tests;

public class RegistryTestEmitterTests
{
    const string BaseClasses =
        """
        namespace MlPerfEdu.Zoo.Tests;
        public abstract class ModelTests(string id)
        {
            protected void CheckA() => throw new System.Exception(id);
            protected void CheckB() { }
        }
        public abstract class DeviceTests(string id)
        {
            protected void CheckA() => throw new System.Exception(id);
        }
        """;

    static readonly Registry[] Registries =
    [
        new("model", [new("a-1", 3), new("a1", 9), new("class", 12)], [("Does_a", "CheckA"), ("Does_b", "CheckB")],
            new("../models.yaml", "models.yaml")),
        new("device", [new("a1", 4)], [("Does_a", "CheckA")], new(null, "silicon.yaml")),
    ];

    readonly string emitted = RegistryTestEmitter.Emit("zoo", Registries);

    [Fact]
    public void Emits_one_class_per_entry() =>
        Assert.Equal(["Model_a_1", "Model_a1", "Model_class", "Device_a1"], emitted.Split('\n')
            .Where(line => line.Contains("sealed class ", StringComparison.Ordinal)).Select(line => line.Trim().Split(' ', '(')[3]));

    [Fact]
    public void What_it_emits_compiles_against_the_base_classes() => Assert.Empty(Compile.Errors(BaseClasses, emitted));

    [Fact]
    public void Each_test_maps_to_its_entry_unless_directives_are_left_out() =>
        Assert.Equal([3, 3, 9, 9, 12, 12], emitted.Split('\n').Where(line => line.EndsWith("\"../models.yaml\"", StringComparison.Ordinal))
            .Select(line => int.Parse(line.Split(' ')[1])));

    [Fact]
    public void Each_class_has_the_traits_that_filters_ask_for()
    {
        Assert.Equal(4, emitted.Split("Trait(\"Suite\", \"zoo\")").Length - 1);
        Assert.Contains("Trait(\"Model\", \"a-1\")", emitted);
        Assert.Contains("Trait(\"Device\", \"a1\")", emitted);
    }
}
