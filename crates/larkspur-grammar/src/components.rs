//! Strongly connected components of a graph: Tarjan, "Depth-first search and linear graph algorithms", 1972, section 4, with an
//! explicit stack.

/// The components of a graph whose edges lead from each index to indices, each sorted; what is reached comes before what
/// reaches it.
pub(crate) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        edges,
        index: vec![usize::MAX; edges.len()],
        low: vec![0; edges.len()],
        on_stack: vec![false; edges.len()],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for root in 0..edges.len() {
        if search.index.get(root) == Some(&usize::MAX) {
            search.walk(root);
        }
    }
    search.found
}

struct Search<'a> {
    edges: &'a [Vec<usize>],
    index: Vec<usize>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    #[expect(
        clippy::indexing_slicing,
        reason = "all tables have one entry for each node, and edges lead to nodes"
    )]
    fn walk(&mut self, root: usize) {
        let mut path = vec![(root, 0)];
        while let Some((node, edge)) = path.last_mut() {
            let node = *node;
            if *edge == 0 && self.index[node] == usize::MAX {
                self.index[node] = self.next;
                self.low[node] = self.next;
                self.next += 1;
                self.stack.push(node);
                self.on_stack[node] = true;
            }
            if let Some(&to) = self.edges[node].get(*edge) {
                *edge += 1;
                if self.index[to] == usize::MAX {
                    path.push((to, 0));
                } else if self.on_stack[to] {
                    self.low[node] = self.low[node].min(self.index[to]);
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                self.low[*parent] = self.low[*parent].min(self.low[node]);
            }
            if self.low[node] == self.index[node] {
                self.take(node);
            }
        }
    }

    fn take(&mut self, root: usize) {
        let mut group = Vec::new();
        while let Some(node) = self.stack.pop() {
            if let Some(slot) = self.on_stack.get_mut(node) {
                *slot = false;
            }
            group.push(node);
            if node == root {
                break;
            }
        }
        group.sort_unstable();
        self.found.push(group);
    }
}
