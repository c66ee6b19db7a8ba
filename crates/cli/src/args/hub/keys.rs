//! The keys that tokens are signed with, on the command line of `hub`. In: words. Out: [`HubKeys`].
//!
//! Next: `hub/keys.rs` reads the files among them.

use std::fmt;
use std::path::PathBuf;

use url::Url;
use wellspring_hub::tokens::Algorithm;

use crate::secrets;

const HEADING: &str = "Tokens";

/// What tokens are signed with.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = HEADING)]
pub(crate) struct HubKeys {
    /// What publishers' tokens with a mercure claim are signed with: a secret, a public key in PEM, the path
    /// of a file with either, behind @ or file:, or the URL of a set of JSON Web Keys
    #[arg(long, value_name = "KEY", env = "WELLSPRING_PUBLISHER_KEY", hide_env_values = true,
          allow_hyphen_values = true, value_parser = KeySource::new)]
    pub(crate) publisher_key: Option<KeySource>,

    /// The algorithm of --publisher-key
    #[arg(
        long,
        value_name = "ALG",
        env = "WELLSPRING_PUBLISHER_ALG",
        default_value = "HS256"
    )]
    pub(crate) publisher_alg: Algorithm,

    /// What subscribers' tokens with a mercure claim are signed with, likewise
    #[arg(long, value_name = "KEY", env = "WELLSPRING_SUBSCRIBER_KEY", hide_env_values = true,
          allow_hyphen_values = true, value_parser = KeySource::new)]
    pub(crate) subscriber_key: Option<KeySource>,

    /// The algorithm of --subscriber-key
    #[arg(
        long,
        value_name = "ALG",
        env = "WELLSPRING_SUBSCRIBER_ALG",
        default_value = "HS256"
    )]
    pub(crate) subscriber_alg: Algorithm,

    /// Who issues access tokens of the 1.0 dialect: ISS=KEY, ISS as tokens have it; can be repeated
    #[arg(long, value_name = "ISS=KEY", env = "WELLSPRING_ISSUER", hide_env_values = true,
          value_parser = IssuerKeys::new)]
    pub(crate) issuer: Vec<IssuerKeys>,

    /// The algorithm of the keys in --issuer; those of a set say it themselves
    #[arg(
        long,
        value_name = "ALG",
        env = "WELLSPRING_ISSUER_ALG",
        default_value = "RS256"
    )]
    pub(crate) issuer_alg: Algorithm,

    /// Take access tokens of the 1.0 dialect only
    #[arg(long, env = "WELLSPRING_NO_LEGACY")]
    pub(crate) no_legacy: bool,

    /// The cookie that tokens with a mercure claim may come in
    #[arg(long, value_name = "NAME", env = "WELLSPRING_COOKIE", default_value = "mercureAuthorization",
          value_parser = cookie)]
    pub(crate) cookie: String,

    /// Take tokens with a mercure claim from the query too, ?authorization=; they get into logs that way
    #[arg(long, env = "WELLSPRING_QUERY_TOKEN")]
    pub(crate) query_token: bool,
}

/// Where a key is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// Here it is: a secret, or PEM.
    Text(String),
    File(PathBuf),
    Url(Url),
}

impl KeySource {
    fn new(text: &str) -> Result<Self, &'static str> {
        // As for `load`: who writes @F means a file, and never a secret of a few letters.
        if let Some(path) = text
            .strip_prefix("file:")
            .or_else(|| text.strip_prefix('@'))
        {
            return Ok(Self::File(path.into()));
        }
        if text.starts_with("https://") || text.starts_with("http://") {
            let url = Url::parse(text).map_err(|_| "that is no URL")?;
            secrets::remember_those_of(&url);
            return Ok(Self::Url(url));
        }
        if text.is_empty() {
            return Err("the key is empty");
        }
        secrets::remember(text);
        Ok(Self::Text(text.to_owned()))
    }
}

/// Without the key.
impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Url(url) => f.debug_tuple("Url").field(&secrets::shown(url)).finish(),
        }
    }
}

/// An issuer, and where its keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct IssuerKeys {
    pub(crate) name: String,
    pub(crate) source: KeySource,
}

impl IssuerKeys {
    fn new(text: &str) -> Result<Self, &'static str> {
        let says = "an issuer is ISS=KEY, such as https://auth.example=https://auth.example/jwks";
        let (name, key) = text.split_once('=').ok_or(says)?;
        if name.is_empty() {
            return Err(says);
        }
        Ok(Self {
            name: name.to_owned(),
            source: KeySource::new(key)?,
        })
    }
}

fn cookie(name: &str) -> Result<String, &'static str> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    match !name.is_empty() && name.bytes().all(is_token) {
        true => Ok(name.to_owned()),
        false => Err("the name of a cookie is letters, digits and some signs, without spaces"),
    }
}
