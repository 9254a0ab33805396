using System.Reflection;

namespace VerifyTests;

/// <summary>The members of an object that a snapshot shows: public fields, then properties, without those that have their default value.</summary>
static class Members
{
    const BindingFlags PublicInstance = BindingFlags.Instance | BindingFlags.Public;

    public static IEnumerable<(string Name, object? Value)> Of(object target)
    {
        var type = target.GetType();
        if (type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            return OfPair(target, type);
        // Other types of the libraries have their own ways in Verify (exceptions, types, streams, JSON elements and so on).
        if (type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && target is not System.Runtime.CompilerServices.ITuple)
            throw UnsupportedValue.Of(type, "as an object");
        return Shown(target, type);
    }

    /// <summary>A pair with a text as its key is shown as one member of that name.</summary>
    static IEnumerable<(string Name, object? Value)> OfPair(object pair, Type type)
    {
        var (key, value) = (type.GetProperty("Key")!.GetValue(pair), type.GetProperty("Value")!.GetValue(pair));
        if (key is not string name)
            return Shown(pair, type);
        return value is null ? [] : [(name, value)];
    }

    static IEnumerable<(string Name, object? Value)> Shown(object target, Type type)
    {
        var fields = type.GetFields(PublicInstance).Select(field => (Member: (MemberInfo)field, Type: field.FieldType));
        var properties = type.GetProperties(PublicInstance)
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .Select(property => (Member: (MemberInfo)property, Type: property.PropertyType));
        // A member that hides one of a base class comes first, and only it is shown.
        foreach (var (member, memberType) in fields.Concat(properties).DistinctBy(pair => pair.Member.Name))
        {
            if (member.IsDefined(typeof(ObsoleteAttribute)))
                continue;
            var value = Read(member, memberType, target);
            if (memberType == typeof(bool) || !Equals(value, Default(memberType)))
                yield return (member.Name, value);
        }
    }

    static object? Read(MemberInfo member, Type memberType, object target)
    {
        try
        {
            return member is FieldInfo field
                ? field.GetValue(target)
                : ((PropertyInfo)member).GetValue(target, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        // Some types have properties that they refuse to answer; Verify leaves such a member out instead of failing the snapshot.
        catch (Exception exception) when (exception is NotImplementedException or NotSupportedException)
        {
            return Default(memberType);
        }
    }

    static object? Default(Type type) =>
        type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;
}
