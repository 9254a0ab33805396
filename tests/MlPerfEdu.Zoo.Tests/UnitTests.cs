namespace MlPerfEdu.Zoo.Tests;

public class UnitTests
{
    static readonly Type[] Units =
        [typeof(Flop), typeof(FlopRate), typeof(ByteCount), typeof(ByteRate), typeof(ParameterCount), typeof(Duration), typeof(Power),
            typeof(Energy), typeof(Money), typeof(Intensity)];

    [Fact]
    public void No_unit_turns_into_another_or_into_a_number_unasked() =>
        Assert.All(Units, unit => Assert.DoesNotContain(unit.GetMethods(), method => method.Name is "op_Implicit" or "op_Explicit"));

    [Fact]
    public void Only_like_is_added_to_or_compared_with_like()
    {
        var operators = Units.SelectMany(unit => unit.GetMethods())
            .Where(method => method.Name is "op_Addition" or "op_Subtraction" or "op_LessThan" or "op_GreaterThan").ToList();
        Assert.NotEmpty(operators);
        Assert.All(operators, method => Assert.Single(method.GetParameters().Select(parameter => parameter.ParameterType).Distinct()));
    }

    [Fact]
    public void Quotients_have_the_unit_they_must_have()
    {
        Assert.Equal(new Duration(2), new Flop(10) / new FlopRate(5));
        Assert.Equal(new Duration(3), new ByteCount(12) / new ByteRate(4));
        Assert.Equal(new Intensity(4), new Flop(8) / new ByteCount(2));
        Assert.Equal(new Intensity(4), new FlopRate(8) / new ByteRate(2));
        Assert.Equal(new Energy(6), new Power(2) * new Duration(3));
        Assert.Equal(new ByteCount(14), new ParameterCount(7).As(Dtype.Bf16));
    }

    [Fact]
    public void Quantities_of_the_registry_are_the_nearest_doubles() => Assert.Equal(
        (2.039e12, 8.03e9, 1.5e-5), (SiliconZoo.BuiltIn["a100"].Bandwidth.Value, ModelZoo.BuiltIn["llama3-8b"].Parameters.Value,
        SiliconZoo.BuiltIn["a100"].Dispatch.Value));
}
