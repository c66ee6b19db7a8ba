//! The scripts that run in the server. In: keys and arguments. Out: what they answer, unread.
//!
//! Next: `scripts/head.lua` for what they share; `reply.rs` reads the answers.

use redis::aio::MultiplexedConnection;
use redis::{RedisError, Script, ScriptInvocation, Value};

use crate::keys::Keys;

/// Puts together what the server may do with it, what all share, and the script itself.
macro_rules! script {
    ($flags:literal, $name:literal) => {
        Script::new(concat!(
            "#!lua",
            $flags,
            "\n",
            include_str!("scripts/head.lua"),
            include_str!(concat!("scripts/", $name, ".lua"))
        ))
    };
}

/// All of them, with the keys of one history.
pub(crate) struct Scripts {
    keys: Keys,
    pub(crate) admit: Script,
    pub(crate) append: Script,
    pub(crate) bounds: Script,
    pub(crate) fence: Script,
    pub(crate) find: Script,
    pub(crate) lease: Script,
    pub(crate) page: Script,
    pub(crate) trim: Script,
}

impl Scripts {
    pub(crate) fn new(keys: Keys) -> Self {
        Self {
            keys,
            // A server without room lets nodes in, and drops what is old; it takes no records.
            admit: script!(" flags=allow-oom", "admit"),
            append: script!("", "append"),
            bounds: script!(" flags=allow-oom", "bounds"),
            fence: script!(" flags=allow-oom", "fence"),
            find: script!(" flags=no-writes", "find"),
            lease: script!(" flags=allow-oom", "lease"),
            page: script!(" flags=no-writes", "page"),
            trim: script!(" flags=allow-oom", "trim"),
        }
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Runs one. A server that does not know it is given it first.
    pub(crate) async fn run<'a>(
        &self,
        script: &'a Script,
        connection: &mut MultiplexedConnection,
        fill: impl FnOnce(&mut ScriptInvocation<'a>),
    ) -> Result<Value, RedisError> {
        let mut invocation = script.prepare_invoke();
        for key in self.keys.all() {
            invocation.key(key);
        }
        fill(&mut invocation);
        invocation.invoke_async(connection).await
    }
}

impl std::fmt::Debug for Scripts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scripts")
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}
