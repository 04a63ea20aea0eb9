use std::io;

/// The longest text that a template may be filled in to.
const LONGEST: usize = 1024 * 1024;

/// Text that grows to 1 MiB and no further.
#[derive(Default)]
pub(super) struct Limited {
    /// What has been written.
    pub(super) text: String,
}

impl handlebars::Output for Limited {
    fn write(&mut self, part: &str) -> Result<(), io::Error> {
        if self.text.len() + part.len() > LONGEST {
            return Err(io::Error::other("it comes to more than 1 MiB"));
        }
        self.text.push_str(part);
        Ok(())
    }
}
