using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace MultiProc.PackageTypes;

/// <summary>Classes as an application derives them from those of packages.</summary>
internal static class Entities
{
    internal sealed class Order
    {
        public int Id { get; set; }

        public List<Line> Lines { get; } = [];
    }

    internal sealed class Line
    {
        public string Name { get; set; } = "";
    }

    internal sealed class Shop : DbContext
    {
        public DbSet<Order> Orders => Set<Order>();
    }

    internal sealed class ApplicationUser : IdentityUser
    {
        public string Nickname { get; set; } = "";
    }

    internal sealed class Settings
    {
        public string Name { get; set; } = "";
    }

    internal sealed class Colour : Ardalis.SmartEnum.SmartEnum<Colour>
    {
        public static readonly Colour Red = new(nameof(Red), 1);
        public static readonly Colour Blue = new(nameof(Blue), 2);

        private Colour(string name, int value)
            : base(name, value)
        {
        }
    }
}
