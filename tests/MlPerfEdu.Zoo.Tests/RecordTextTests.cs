using System.Reflection;
using System.Runtime.CompilerServices;

namespace MlPerfEdu.Zoo.Tests;

/// <summary>A record writes all of its properties: one that leads back to its own type never comes to an end.</summary>
public class RecordTextTests
{
    public static TheoryData<Type> Records => [.. typeof(Model).Assembly.GetExportedTypes().Where(WritesItsProperties)];

    [Theory]
    [MemberData(nameof(Records))]
    public void No_record_is_part_of_its_own_text(Type record) =>
        Assert.DoesNotContain(record, Written(record, []));

    [Fact]
    public void A_model_and_a_device_are_called_by_their_ids()
    {
        // An endless text would end the whole test run instead of this test.
        Assert.All([typeof(Model), typeof(Device)], No_record_is_part_of_its_own_text);
        Assert.All(ModelZoo.BuiltIn.Models, model => Assert.Equal(model.Id, model.ToString()));
        Assert.All(SiliconZoo.BuiltIn.Devices, device => Assert.Equal(device.Id, device.ToString()));
        Assert.Contains("Model = resnet50", new Question(ModelZoo.BuiltIn["resnet50"], SiliconZoo.BuiltIn["a100"]).ToString());
    }

    /// <summary>The types of all that a record's text has in it, however deep.</summary>
    static HashSet<Type> Written(Type type, HashSet<Type> found)
    {
        if (!WritesItsProperties(type)) return found;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var part = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (found.Add(part)) Written(part, found);
        }
        return found;
    }

    static bool WritesItsProperties(Type type) =>
        type.GetMethod(nameof(ToString), Type.EmptyTypes)?.GetCustomAttribute<CompilerGeneratedAttribute>() is not null
        && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null;
}
