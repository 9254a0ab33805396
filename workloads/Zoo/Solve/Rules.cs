namespace MlPerfEdu.Zoo;

/// <summary>Which formulas answer; README.md lists where they differ.</summary>
public enum Rules
{
    Ours,

    /// <summary>Those of MLSys·im; <see cref="Model.Original"/> and <see cref="Device.Original"/> are its entries.</summary>
    Reference,
}
