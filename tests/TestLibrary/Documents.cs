using System.Runtime.CompilerServices;
using System.Text;
using Markdig;
using Microsoft.AspNetCore.WebUtilities;
using Newtonsoft.Json.Linq;

[assembly: TypeForwardedTo(typeof(Markdown))]

namespace MultiProc.TestLibrary;

/// <summary>Functions that need packages, and a framework that the command does not have.</summary>
public static class Documents
{
    /// <summary>Needs a package.</summary>
    public static string Render(string text) => Markdown.ToHtml(text);

    /// <summary>Needs ASP.NET Core.</summary>
    public static string Encode(string text) => Base64UrlTextEncoder.Encode(Encoding.UTF8.GetBytes(text));

    /// <summary>The serializer of System.Text.Json would show it as <c>{"a":[]}</c>.</summary>
    public static object Parse(string json) => JObject.Parse(json);
}
