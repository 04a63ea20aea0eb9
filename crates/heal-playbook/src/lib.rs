//! YAML in, a typed playbook out, every problem at its place.
