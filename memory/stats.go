package memory

// Stats says how much a store holds.
type Stats struct {
	Entries int    // entries, with expired ones that were not removed yet
	Bytes   int    // of their keys and values, as [Options].MaxBytes counts
	Evicted uint64 // live entries removed so far to keep the bounds
}

// Stats returns how much the store holds. A closed store holds nothing.
func (s *Store) Stats() Stats {
	var stats Stats
	for i := range s.shards {
		sh := &s.shards[i]
		sh.mu.RLock()
		stats.Entries += sh.entries
		stats.Bytes += sh.bytes
		if sh.limits != nil {
			stats.Evicted += sh.limits.evicted
		}
		sh.mu.RUnlock()
	}
	return stats
}
