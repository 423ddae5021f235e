package keyring

// secretService is a ring on the Secret Service. Its list leaves out what it
// could not ask for, also where the service has gone away meanwhile.
type secretService struct{ plain }

func (s *secretService) names() ([]string, error) {
	all, err := s.plain.names()
	if err != nil {
		return nil, err
	}
	return all, s.ping()
}
