//! Certificate policies (RFC 5280 §6.1, with the policy graph of RFC 9618, which cannot grow
//! exponentially as the tree can).

use std::collections::{BTreeMap, BTreeSet};

use crate::asn1::Oid;
use crate::certificate::Certificate;
use crate::oid::ANY_POLICY;
use crate::report::Reason;

/// Inputs (d)–(g) of RFC 5280 §6.1.1.
#[derive(Clone, Debug, Default)]
pub struct PolicyInputs {
    /// Policies of which at least one must be valid for the path; none: any is acceptable.
    pub required: Vec<Oid>,
    pub inhibit_mapping: bool,
    pub require_explicit: bool,
    pub inhibit_any: bool,
}

/// A policy valid at one depth: what the next certificate may call it, and where it comes from.
struct Node {
    expected: BTreeSet<Oid>,
    parents: BTreeSet<Oid>,
}

/// The state of policy processing along a path.
pub(super) struct Policies {
    /// Levels of the graph by depth; `None` when no policy is valid any more.
    levels: Option<Vec<BTreeMap<Oid, Node>>>,
    required: BTreeSet<Oid>,
    explicit: usize,
    mapping: usize,
    any: usize,
}

impl Policies {
    /// `length` certificates follow the trust anchor.
    pub(super) fn new(inputs: &PolicyInputs, length: usize) -> Self {
        let root = Node { expected: [ANY_POLICY].into(), parents: BTreeSet::new() };
        let counter = |now: bool| if now { 0 } else { length + 1 };
        Self {
            levels: Some(vec![[(ANY_POLICY, root)].into()]),
            required: inputs.required.iter().copied().collect(),
            explicit: counter(inputs.require_explicit || !inputs.required.is_empty()),
            mapping: counter(inputs.inhibit_mapping),
            any: counter(inputs.inhibit_any),
        }
    }

    /// Steps (d)–(f) of §6.1.3.
    pub(super) fn process(&mut self, certificate: &Certificate, last: bool) -> Result<(), Reason> {
        let any_allowed = self.any > 0 || (!last && certificate.is_self_issued());
        match (&certificate.extensions().policies, &mut self.levels) {
            (Some(policies), Some(levels)) => {
                let level = levels.last().map(|above| next_level(above, policies, any_allowed));
                match level {
                    Some(level) if !level.is_empty() => levels.push(level),
                    _ => self.levels = None,
                }
            }
            (None, _) => self.levels = None,
            (Some(_), None) => {}
        }
        if self.explicit == 0 && self.levels.is_none() {
            return Err(Reason::PolicyNotSatisfied);
        }
        Ok(())
    }

    /// Steps (a), (b), (h)–(j) of §6.1.4, for every certificate but the last.
    pub(super) fn prepare(&mut self, certificate: &Certificate) -> Result<(), Reason> {
        let extensions = certificate.extensions();
        let mappings = &extensions.policy_mappings;
        if mappings.iter().any(|(from, to)| *from == ANY_POLICY || *to == ANY_POLICY) {
            return Err(Reason::PolicyNotSatisfied);
        }
        self.map(mappings);
        if !certificate.is_self_issued() {
            for counter in [&mut self.explicit, &mut self.mapping, &mut self.any] {
                *counter = counter.saturating_sub(1);
            }
        }
        let constraints = &extensions.policy_constraints;
        lower(&mut self.explicit, constraints.require_explicit_policy);
        lower(&mut self.mapping, constraints.inhibit_policy_mapping);
        lower(&mut self.any, extensions.inhibit_any_policy);
        Ok(())
    }

    fn map(&mut self, mappings: &[(Oid, Oid)]) {
        let Some(level) = self.levels.as_mut().and_then(|levels| levels.last_mut()) else { return };
        let mut targets: BTreeMap<Oid, BTreeSet<Oid>> = BTreeMap::new();
        for (from, to) in mappings {
            targets.entry(*from).or_default().insert(*to);
        }
        for (from, expected) in targets {
            if self.mapping == 0 {
                level.remove(&from);
            } else if let Some(node) = level.get_mut(&from) {
                node.expected = expected;
            } else if level.contains_key(&ANY_POLICY) {
                level.insert(from, Node { expected, parents: [ANY_POLICY].into() });
            }
        }
        if level.is_empty() {
            self.levels = None;
        }
    }

    /// §6.1.5 (a), (b), (g): whether the path satisfies the policies that are demanded.
    pub(super) fn finish(mut self, last: &Certificate) -> Result<(), Reason> {
        self.explicit = self.explicit.saturating_sub(1);
        if last.extensions().policy_constraints.require_explicit_policy == Some(0) {
            self.explicit = 0;
        }
        if self.explicit > 0 {
            return Ok(());
        }
        let Some(levels) = self.levels else { return Err(Reason::PolicyNotSatisfied) };
        if self.required.is_empty() {
            return Ok(());
        }
        let valid = in_the_domain_of_the_anchor(&levels);
        if valid.contains(&ANY_POLICY) || valid.iter().any(|policy| self.required.contains(policy))
        {
            Ok(())
        } else {
            Err(Reason::PolicyRequired)
        }
    }
}

fn lower(counter: &mut usize, constraint: Option<u64>) {
    if let Some(limit) = constraint.and_then(|limit| usize::try_from(limit).ok()) {
        *counter = (*counter).min(limit);
    }
}

fn next_level(
    above: &BTreeMap<Oid, Node>,
    policies: &[Oid],
    any_allowed: bool,
) -> BTreeMap<Oid, Node> {
    let expecting = |policy: Oid| -> BTreeSet<Oid> {
        above.iter().filter(|(_, node)| node.expected.contains(&policy)).map(|(p, _)| *p).collect()
    };
    let mut level = BTreeMap::new();
    for policy in policies.iter().copied().filter(|policy| *policy != ANY_POLICY) {
        let mut parents = expecting(policy);
        if parents.is_empty() && above.contains_key(&ANY_POLICY) {
            parents.insert(ANY_POLICY);
        }
        if !parents.is_empty() {
            level.insert(policy, Node { expected: [policy].into(), parents });
        }
    }
    if any_allowed && policies.contains(&ANY_POLICY) {
        let expected: BTreeSet<Oid> =
            above.values().flat_map(|node| node.expected.iter().copied()).collect();
        for policy in expected {
            let parents = expecting(policy);
            level.entry(policy).or_insert_with(|| Node { expected: [policy].into(), parents });
        }
    }
    level
}

/// The authority-constrained policy set: policies of the last level by the names that they have
/// in the anchor's domain.
fn in_the_domain_of_the_anchor(levels: &[BTreeMap<Oid, Node>]) -> BTreeSet<Oid> {
    let mut found = BTreeSet::new();
    let mut live: BTreeSet<Oid> = match levels.last() {
        Some(level) => level.keys().copied().collect(),
        None => return found,
    };
    if live.contains(&ANY_POLICY) {
        found.insert(ANY_POLICY);
    }
    for level in levels.iter().skip(1).rev() {
        let mut above = BTreeSet::new();
        for policy in &live {
            let Some(node) = level.get(policy) else { continue };
            if node.parents.contains(&ANY_POLICY) && *policy != ANY_POLICY {
                found.insert(*policy);
            }
            above.extend(node.parents.iter().copied());
        }
        live = above;
    }
    found
}
