//! Plain graph questions over nodes numbered from 0. No recursion: a model may be one long chain.

pub(crate) struct Graph {
    next: Vec<Vec<usize>>,
}

impl Graph {
    /// A graph of `nodes` nodes; edges beyond them are left out.
    pub(crate) fn new(nodes: usize, edges: impl IntoIterator<Item = (usize, usize)>) -> Self {
        let mut next = vec![Vec::new(); nodes];
        for (from, to) in edges {
            if from < nodes && to < nodes {
                next[from].push(to);
            }
        }
        Self { next }
    }

    pub(crate) fn edges(&self) -> impl Iterator<Item = (usize, usize)> {
        let from = self.next.iter().enumerate();
        from.flat_map(|(from, next)| next.iter().map(move |to| (from, *to)))
    }

    pub(crate) fn reversed(&self) -> Self {
        Self::new(self.next.len(), self.edges().map(|(from, to)| (to, from)))
    }

    /// The same nodes with only the edges between nodes that are kept.
    pub(crate) fn among(&self, keep: impl Fn(usize) -> bool) -> Self {
        let kept = self.edges().filter(|(from, to)| keep(*from) && keep(*to));
        Self::new(self.next.len(), kept)
    }

    /// Which nodes can be reached from these, themselves included.
    pub(crate) fn reach(&self, from: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut reached = vec![false; self.next.len()];
        self.visit(from, &mut reached);
        reached
    }

    /// The nodes reached from these, each before all that come after it where there is no loop;
    /// of several exits the first comes first.
    pub(crate) fn order(&self, from: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let mut order = self.visit(from, &mut vec![false; self.next.len()]);
        order.reverse();
        order
    }

    /// The loops: sets of nodes each of which can be reached from every other (Kosaraju).
    pub(crate) fn loops(&self) -> Vec<Vec<usize>> {
        let back = self.reversed();
        let mut seen = vec![false; self.next.len()];
        let mut loops = Vec::new();
        for root in self.order(0..self.next.len()) {
            let mut members = back.visit([root], &mut seen);
            if members.len() > 1 || members.iter().any(|node| self.next[*node].contains(node)) {
                members.sort_unstable();
                loops.push(members);
            }
        }
        loops
    }

    /// Depth first from these roots through nodes not seen yet; gives them as they are finished.
    fn visit(&self, roots: impl IntoIterator<Item = usize>, seen: &mut [bool]) -> Vec<usize> {
        let mut finished = Vec::new();
        for root in roots {
            if std::mem::replace(&mut seen[root], true) {
                continue;
            }
            let mut open = vec![(root, self.next[root].iter().rev())];
            while let Some((node, rest)) = open.last_mut() {
                if let Some(&to) = rest.find(|to| !seen[**to]) {
                    seen[to] = true;
                    open.push((to, self.next[to].iter().rev()));
                } else {
                    finished.push(*node);
                    open.pop();
                }
            }
        }
        finished
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;

    #[test]
    fn a_branch_is_told_before_what_follows_its_join() {
        // 0 → 1 → {2, 3}, 2 → 3, 3 → 1
        let graph = Graph::new(4, [(0, 1), (1, 2), (1, 3), (2, 3), (3, 1)]);
        assert_eq!(graph.order([0]), [0, 1, 2, 3]);
        assert_eq!(graph.loops(), [vec![1, 2, 3]]);
        assert_eq!(graph.reach([3]), [false, true, true, true]);
    }

    #[test]
    fn a_node_that_leads_to_itself_is_a_loop_and_a_chain_is_none() {
        assert_eq!(Graph::new(2, [(0, 0), (0, 1)]).loops(), [vec![0]]);
        let chain = Graph::new(100_000, (0..99_999).map(|n| (n, n + 1)));
        assert!(chain.loops().is_empty());
        assert_eq!(chain.order([0]).last(), Some(&99_999));
    }
}
